"""An IMAP server with the habits of NetEase (163, 126), as far as they hurt a client.

It advertises what theirs does: no IDLE, MOVE, CONDSTORE or UNSELECT, no UIDNEXT in
the answer to SELECT, no keywords. A folder is refused ("Unsafe Login") until the
client has said who it is by ID (RFC 2971). UIDs are large and given account-wide,
the UIDVALIDITY of INBOX is 1, and :meth:`NeteaseBox.rescue` puts a mail back from
Junk under its old number, below everything that came since. What the tests of a
real Dovecot need of IMAP (RFC 3501) is here; mails are kept in memory.
"""

from __future__ import annotations

import base64
import re
import secrets
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from servers.certificates import Certificates

PASSWORD = "secret"
CAPABILITY = (
    "IMAP4rev1 XLIST SPECIAL-USE ID LITERAL+ STARTTLS APPENDLIMIT=71680000 UIDPLUS SASL-IR"
    " AUTH=XOAUTH2"
)
UNSAFE = "NO {} Unsafe Login. Please contact kefu@188.com for help"
_CHINA = timezone(timedelta(hours=8))
_FIRST_UID = 1320000001
#: As theirs are called, in modified UTF-7: drafts, sent, deleted, junk.
_FOLDERS = {
    "INBOX": "",
    "&g0l6P3ux-": "\\Drafts",
    "&XfJT0ZAB-": "\\Sent",
    "&XfJSIJZk-": "\\Trash",
    "&V4NXPpCuTvY-": "\\Junk",
}
JUNK = "&V4NXPpCuTvY-"
_TOKEN = re.compile(rb'\s*(?:"((?:[^"\\]|\\.)*)"|(\()|(\))|\x00(\d+)\x00|([^\s()"]+))')


@dataclass(slots=True, kw_only=True)
class _Mail:
    uid: int
    raw: bytes = field(repr=False)
    arrived: datetime
    flags: set[str]


@dataclass(slots=True)
class _Folder:
    uidvalidity: int
    use: str = ""
    mails: list[_Mail] = field(default_factory=list)


@dataclass(slots=True)
class _Account:
    folders: dict[str, _Folder]
    next_uid: int = _FIRST_UID
    next_validity: int = 2
    broken: dict[int, str] = field(default_factory=dict)  #: by UID: see NeteaseBox.breaks
    lock: threading.RLock = field(default_factory=threading.RLock)

    def add(self, folder: str, raw: bytes, flags: set[str], arrived: datetime | None) -> int:
        with self.lock:
            uid, self.next_uid = self.next_uid, self.next_uid + 7
            self.folders[folder].mails.append(
                _Mail(
                    uid=uid,
                    raw=raw,
                    arrived=(arrived or datetime.now(UTC)).replace(microsecond=0),
                    flags=flags | {"\\Recent"},
                )
            )
        return uid


@dataclass(frozen=True, slots=True, kw_only=True)
class NeteaseBox:
    """One account; made like the Box of a real Dovecot, so that tests take either."""

    host: str
    imap_port: int
    imaps_port: int
    user: str
    password: str
    certificates: Certificates
    account: _Account = field(repr=False)
    tokens: dict[str, float] = field(repr=False)  #: those given out, and until when they are good

    @property
    def tls(self) -> ssl.SSLContext:
        """A context that trusts this server and no other."""
        return ssl.create_default_context(cafile=str(self.certificates.authority))

    @property
    def url(self) -> str:
        """As it stands in a configuration; the password is not in it."""
        return f"imaps://{self.user}@{self.host}:{self.imaps_port}/INBOX"

    def token(self, seconds: int = 600) -> str:
        """An access token for this account, good for so long."""
        token = f"{self.user}.{secrets.token_urlsafe()}"
        self.tokens[token] = time.time() + seconds
        return token

    def deliver(self, *messages: bytes, sender: str = "applicant@example.com") -> None:
        """Hand messages over as a provider's MTA does: with the trace in front."""
        for message in messages:
            now = datetime.now(_CHINA).strftime("%a, %d %b %Y %H:%M:%S +0800")
            trace = f"Return-Path: <{sender}>\r\nReceived: from applicant by mx27; {now}\r\n"
            self.drop(trace.encode() + message)

    def drop(self, *messages: bytes, first: int = 0) -> None:
        """Put messages into INBOX with any bytes."""
        del first
        for message in messages:
            self.account.add("INBOX", message, set(), None)

    def spam(self, *messages: bytes) -> list[int]:
        """Put messages into Junk, as the provider's filter does; their UIDs."""
        return [self.account.add(JUNK, message, set(), None) for message in messages]

    def rescue(self, uid: int) -> None:
        """Somebody moves a mail from Junk to INBOX in the webmail; it keeps its number."""
        with self.account.lock:
            junk, inbox = self.account.folders[JUNK].mails, self.account.folders["INBOX"].mails
            [mail] = [entry for entry in junk if entry.uid == uid]
            junk.remove(mail)
            inbox.append(mail)
            inbox.sort(key=lambda entry: entry.uid)

    def breaks(self, uid: int, how: str = "") -> None:
        """From now on this mail cannot be had: "NO" refuses it, "cut" ends the connection."""
        self.account.broken[uid] = how

    def renumber(self, folder: str = "INBOX") -> None:
        """The folder gets a new UIDVALIDITY and its mails new numbers (RFC 3501, 2.3.1.1)."""
        with self.account.lock:
            place = self.account.folders[folder]
            place.uidvalidity += 1
            for number, mail in enumerate(place.mails, 1):
                mail.uid = number


class Netease:
    """The server, in threads of this process, between :meth:`start` and :meth:`stop`."""

    def __init__(self, certificates: Certificates) -> None:
        self._certificates = certificates
        self.accounts: dict[str, _Account] = {}
        self.tokens: dict[str, float] = {}  #: those given out, and until when they are good
        self._servers: list[_Listener] = []
        self._ports = [0, 0]
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Listen on two ports of loopback, on the same as before where it was stopped."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self._certificates.certificate, self._certificates.key)
        for number, tls in enumerate((None, context)):
            server = _Listener(self, tls, self._ports[number])
            self._ports[number] = int(server.server_address[1])
            thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
            thread.start()
            self._servers.append(server)
            self._threads.append(thread)

    def stop(self) -> None:
        """Go away with all connections."""
        for server in self._servers:
            server.shutdown()
            server.hang_up()
            server.server_close()
        for thread in self._threads:
            thread.join(5)
        self._servers, self._threads = [], []

    halt, resume = stop, start

    def box(self) -> NeteaseBox:
        """A new, empty account."""
        user = f"qc{len(self.accounts) + 1}"
        folders = {
            name: _Folder(number, use) for number, (name, use) in enumerate(_FOLDERS.items(), 1)
        }
        self.accounts[user] = _Account(folders, next_validity=len(folders) + 1)
        plain, tls = (server.server_address[1] for server in self._servers)
        return NeteaseBox(
            host="127.0.0.1",
            imap_port=int(plain),
            imaps_port=int(tls),
            user=user,
            password=PASSWORD,
            certificates=self._certificates,
            account=self.accounts[user],
            tokens=self.tokens,
        )


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, owner: Netease, tls: ssl.SSLContext | None, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Talk)
        self.owner = owner
        self.tls = tls
        self.open: set[socket.socket] = set()

    def get_request(self) -> tuple[Any, Any]:
        client, address = super().get_request()
        self.open.add(client)
        return client, address

    def hang_up(self) -> None:
        for client in list(self.open):
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    def shutdown_request(self, request: Any) -> None:
        self.open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no fault of the server."""


class _Refused(Exception):
    """The answer to a command is NO or BAD with these words."""


class _Talk(socketserver.BaseRequestHandler):
    """One connection."""

    server: _Listener

    def setup(self) -> None:
        if self.server.tls is not None:
            self.request.settimeout(5)
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
            self.request.settimeout(None)
        self.file = self.request.makefile("rb")
        self.account: _Account | None = None
        self.known = False  # has the client said who it is?
        self.folder: _Folder | None = None
        self.readonly = True
        self.view: list[_Mail] = []  # what the client has been told of

    def finish(self) -> None:
        self.file.close()
        if self.server.tls is not None:
            with suppress(OSError):
                self.request.close()

    def handle(self) -> None:
        with suppress(OSError, ValueError):
            self._line("* OK Coremail System IMap Server Ready")
            while (parts := self._command()) is not None:
                if not parts:
                    continue
                tag, name, arguments = parts[0], str(parts[1]).upper(), parts[2:]
                if name == "LOGOUT":
                    self._line("* BYE IMAP4rev1 Server logging out", f"{tag} OK LOGOUT completed")
                    return
                self._answer(str(tag), name, arguments)

    def _answer(self, tag: str, name: str, arguments: list[Any]) -> None:
        free = name in ("CAPABILITY", "NOOP", "LOGIN", "AUTHENTICATE")
        work: Callable[..., str] | None = getattr(self, f"_do_{name.lower()}", None)
        if work is None or (self.account is None and not free):
            self._line(f"{tag} BAD {name} not support")
            return
        try:
            self._line(f"{tag} OK {work(*arguments) or f'{name.title()} completed'}")
        except _Refused as refused:
            self._line(f"{tag} {refused}")
        except (TypeError, ValueError, KeyError) as error:
            self._line(f"{tag} BAD Parse command error {type(error).__name__}")

    def _line(self, *lines: str) -> None:
        self.request.sendall("".join(f"{line}\r\n" for line in lines).encode("utf-8"))

    def _command(self) -> list[Any] | None:
        """Tag, name and arguments: text, bytes for a literal, a list for parentheses."""
        whole = b""
        literals: list[bytes] = []
        while True:
            line = self.file.readline()
            if not line.endswith(b"\n"):
                return None
            line = line.rstrip(b"\r\n")
            literal = re.search(rb"\{(\d+)(\+?)\}$", line)
            if literal is None:
                return _tokens(whole + line, literals)
            if not literal[2]:
                self._line("+ Ready for additional command text")
            whole += line[: literal.start()] + b"\x00%d\x00" % len(literals)
            literals.append(self.file.read(int(literal[1])))

    def _do_capability(self) -> str:
        self._line(f"* CAPABILITY {CAPABILITY}")
        return ""

    def _do_noop(self) -> str:
        self._look_again()
        return ""

    def _do_login(self, user: str, password: str | bytes) -> str:
        name = user.decode() if isinstance(user, bytes) else user
        word = password.decode() if isinstance(password, bytes) else password
        if name not in self.server.owner.accounts or word != PASSWORD:
            raise _Refused("NO LOGIN Login error or password error")
        self.account = self.server.owner.accounts[name]
        return ""

    def _do_authenticate(self, mechanism: str, first: str = "") -> str:
        if mechanism.upper() != "XOAUTH2":
            raise _Refused("NO mechanism not support")
        if not first:
            self._line("+ ")
            first = self.file.readline().strip().decode("ascii")
        said = dict(
            entry.partition("=")[::2] for entry in base64.b64decode(first).decode().split("\1")
        )
        token = said.get("auth", "").removeprefix("Bearer ")
        good = token.partition(".")[0] == said.get("user", "")
        if not good or self.server.owner.tokens.get(token, 0) < time.time():
            self._line("+ " + base64.b64encode(b'{"status":"400"}').decode())
            self.file.readline()
            raise _Refused("NO AUTHENTICATE invalid token")
        self.account = self.server.owner.accounts[said["user"]]
        return ""

    def _do_id(self, said: list[Any] | str) -> str:
        self.known = self.known or isinstance(said, list)
        self._line('* ID ("name" "Coremail" "vendor" "Mailtech")')
        return ""

    def _do_list(self, _reference: str, pattern: str) -> str:
        for name, folder in self._account.folders.items():
            if pattern not in ("*", "%", name):
                continue
            self._line(f'* LIST (\\HasNoChildren{" " * bool(folder.use)}{folder.use}) "/" "{name}"')
        return ""

    def _do_xlist(self, reference: str, pattern: str) -> str:
        return self._do_list(reference, pattern)

    def _do_create(self, name: str) -> str:
        account = self._account
        if name in account.folders:
            raise _Refused("NO CREATE folder exists")
        account.folders[name] = _Folder(account.next_validity)
        account.next_validity += 1
        return ""

    def _do_delete(self, name: str) -> str:
        if self._account.folders.pop(name, None) is None:
            raise _Refused("NO DELETE no such folder")
        return ""

    def _do_status(self, name: str, items: list[str]) -> str:
        folder = self._folder_of(name)
        numbers = {"MESSAGES": len(folder.mails), "UIDVALIDITY": folder.uidvalidity}
        said = " ".join(f"{item} {numbers.get(item.upper(), 0)}" for item in items)
        self._line(f'* STATUS "{name}" ({said})')
        return ""

    def _do_select(self, name: str, *, readonly: bool = False) -> str:
        if not self.known:
            raise _Refused(UNSAFE.format("EXAMINE" if readonly else "SELECT"))
        self.folder, self.readonly = self._folder_of(name), readonly
        self.view = list(self.folder.mails)
        recent = [mail for mail in self.view if "\\Recent" in mail.flags]
        self._line(
            f"* {len(self.view)} EXISTS",
            f"* {len(recent)} RECENT",
            f"* OK [UIDVALIDITY {self.folder.uidvalidity}] UIDs valid",
            "* FLAGS (\\Answered \\Seen \\Deleted \\Draft \\Flagged)",
            "* OK [PERMANENTFLAGS (\\Answered \\Seen \\Deleted \\Draft \\Flagged)] Limited",
        )
        if not readonly:
            for mail in recent:
                mail.flags.discard("\\Recent")
        return "[READ-ONLY] EXAMINE completed" if readonly else "[READ-WRITE] SELECT completed"

    def _do_examine(self, name: str) -> str:
        return self._do_select(name, readonly=True)

    def _do_close(self) -> str:
        if not self.readonly:
            self._expunge({mail.uid for mail in self._open.mails})
        self.folder, self.view = None, []
        return ""

    def _do_append(self, name: str, *rest: Any) -> str:
        flags = {str(flag) for flag in rest[0]} if isinstance(rest[0], list) else set()
        moment = next((entry for entry in rest if isinstance(entry, str)), "")
        arrived = datetime.strptime(moment.strip(), "%d-%b-%Y %H:%M:%S %z") if moment else None
        self._folder_of(name)
        uid = self._account.add(name, rest[-1], flags, arrived)
        return f"[APPENDUID {self._account.folders[name].uidvalidity} {uid}] APPEND completed"

    def _do_expunge(self) -> str:
        self._expunge({mail.uid for mail in self._open.mails})
        return ""

    def _do_search(self, *_criteria: Any) -> str:
        raise _Refused("BAD only UID SEARCH here")

    def _do_uid(self, name: str, *arguments: Any) -> str:
        work = getattr(self, f"_uid_{name.lower()}", None)
        if work is None:
            raise _Refused("BAD command not support")
        work(*arguments)
        return f"{name.title()} completed"

    def _uid_search(self, *criteria: Any) -> None:
        words = [str(word) for word in criteria]
        if words[:1] == ["CHARSET"]:
            words = words[2:]
        wanted = [mail for mail in self.view if "\\Gone" not in mail.flags]
        if words[0].upper() == "UID":
            wanted = list(self._named(words[1]))
        elif words[0].upper() == "HEADER":
            name, value = words[1].lower().encode(), words[2].encode()
            wanted = [mail for mail in wanted if _has(mail.raw, name, value)]
        elif words[0].upper() != "ALL":
            raise _Refused("BAD search key not support")
        self._line("* SEARCH" + "".join(f" {mail.uid}" for mail in wanted))

    def _uid_fetch(self, which: str, items: list[str] | str) -> None:
        wanted = items if isinstance(items, list) else [items]
        there = {id(mail) for mail in self._open.mails}
        for mail in self._named(which):
            broken = self._account.broken.get(mail.uid, "")
            if broken and any(item.upper().startswith("BODY") for item in wanted):
                if broken == "cut":
                    raise OSError("the mail has a bad sector")
                raise _Refused("NO FETCH internal error")
            if id(mail) in there:
                self._send(mail, [item.upper() for item in wanted])

    def _send(self, mail: _Mail, items: list[str]) -> None:
        said = [f"UID {mail.uid}"]
        body: tuple[str, bytes] | None = None
        for item in items:
            partial = re.fullmatch(r"BODY(?:\.PEEK)?\[\](?:<(\d+)\.(\d+)>)?", item)
            if item == "RFC822.SIZE":
                said.append(f"RFC822.SIZE {len(mail.raw)}")
            elif item == "INTERNALDATE":
                moment = mail.arrived.astimezone(_CHINA).strftime("%d-%b-%Y %H:%M:%S +0800")
                said.append(f'INTERNALDATE "{moment}"')
            elif item == "FLAGS":
                said.append(f"FLAGS ({' '.join(sorted(mail.flags))})")
            elif partial and partial[1]:
                start, many = int(partial[1]), int(partial[2])
                body = (f"BODY[]<{start}>", mail.raw[start : start + many])
            elif partial:
                body = ("BODY[]", mail.raw)
        head = f"* {self.view.index(mail) + 1} FETCH ({' '.join(said)}"
        if body is None:
            self._line(f"{head})")
            return
        name, content = body
        self.request.sendall(f"{head} {name} {{{len(content)}}}\r\n".encode())
        self.request.sendall(content)
        self.request.sendall(b")\r\n")

    def _uid_store(self, which: str, how: str, flags: list[str]) -> None:
        if any(not flag.startswith("\\") for flag in flags):
            raise _Refused("NO STORE keywords not support")
        for mail in self._named(which):
            mail.flags -= set(flags) if how.startswith("-") else set()
            mail.flags |= set(flags) if how.startswith("+") else set()

    def _uid_copy(self, which: str, name: str) -> None:
        self._folder_of(name)
        for mail in self._named(which):
            self._account.add(name, mail.raw, mail.flags - {"\\Recent"}, mail.arrived)

    def _uid_expunge(self, which: str) -> None:
        self._expunge({mail.uid for mail in self._named(which)})

    @property
    def _account(self) -> _Account:
        assert self.account is not None
        return self.account

    @property
    def _open(self) -> _Folder:
        if self.folder is None:
            raise _Refused("BAD no folder selected")
        return self.folder

    def _folder_of(self, name: str) -> _Folder:
        key = "INBOX" if name.upper() == "INBOX" else name
        if key not in self._account.folders:
            raise _Refused("NO folder not exist")
        return self._account.folders[key]

    def _named(self, which: str) -> Iterator[_Mail]:
        """The mails of a UID set; ``*`` is the last one the client knows of."""
        last = max((mail.uid for mail in self.view), default=0)
        spans = []
        for part in which.split(","):
            ends = [last if end == "*" else int(end) for end in part.split(":")]
            spans.append((min(ends), max(ends)))
        for mail in self.view:
            if any(low <= mail.uid <= high for low, high in spans):
                yield mail

    def _expunge(self, uids: set[int]) -> None:
        if self.readonly:
            raise _Refused("NO folder is read-only")
        with self._account.lock:
            self._open.mails[:] = [
                mail
                for mail in self._open.mails
                if mail.uid not in uids or "\\Deleted" not in mail.flags
            ]
        self._look_again()

    def _look_again(self) -> None:
        """Tell the client what has gone and what has come."""
        if self.folder is None:
            return
        there = {id(mail) for mail in self.folder.mails}
        for number in range(len(self.view), 0, -1):
            if id(self.view[number - 1]) not in there:
                del self.view[number - 1]
                self._line(f"* {number} EXPUNGE")
        if len(self.folder.mails) != len(self.view):
            self.view = list(self.folder.mails)
            self._line(f"* {len(self.view)} EXISTS")


def _has(raw: bytes, name: bytes, value: bytes) -> bool:
    head = raw.partition(b"\r\n\r\n")[0].lower()
    return any(
        line.startswith(name + b":") and value.lower() in line for line in head.split(b"\r\n")
    )


def _tokens(line: bytes, literals: list[bytes]) -> list[Any]:
    stack: list[list[Any]] = [[]]
    for match in _TOKEN.finditer(line):
        quoted, opens, closes, literal, atom = match.groups()
        if opens:
            stack.append([])
        elif closes:
            done = stack.pop()
            stack[-1].append(done)
        elif literal is not None:
            stack[-1].append(literals[int(literal)])
        elif quoted is not None:
            stack[-1].append(re.sub(rb"\\(.)", rb"\1", quoted).decode("utf-8"))
        else:
            stack[-1].append(atom.decode("utf-8"))
    return stack[0]
