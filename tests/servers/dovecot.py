"""A Dovecot of our own: unprivileged, on loopback, in a folder that goes away.

Any user name is an account (password ``secret``), so that every test takes a new
one instead of a new server.
"""

from __future__ import annotations

import base64
import grp
import hmac
import json
import os
import pwd
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from servers.certificates import Certificates, make_certificates
from servers.ports import free_port

INSTALL = "Dovecot is not installed; on Debian: apt-get install dovecot-imapd dovecot-lmtpd"
PASSWORD = "secret"
#: Who the server is when the tests run as root: Debian's nobody.
_NOBODY = 65534
#: Debian keeps dovecot outside the path of ordinary users.
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"

_CONFIGURATION = """\
base_dir={d}/run
state_dir={d}/state
log_path={d}/dovecot.log
default_internal_user={user}
default_internal_group={group}
default_login_user={user}
protocols=imap lmtp
listen=127.0.0.1
ssl=yes
ssl_cert=<{certificate}
ssl_key=<{key}
disable_plaintext_auth=no
auth_mechanisms=plain login xoauth2
passdb {{
  driver=static
  args=password={password}
  mechanisms=plain login
}}
passdb {{
  driver=oauth2
  mechanisms=xoauth2
  args={d}/oauth2.conf
}}
userdb {{
  driver=static
  args=uid={uid} gid={gid} home={d}/mail/%u allow_all_users=yes
}}
first_valid_uid=1
first_valid_gid=1
mail_location=maildir:~/Maildir
mail_max_userip_connections=100
auth_failure_delay=0
namespace inbox {{
  inbox=yes
  separator=/
  mailbox Quarantine {{
    special_use=\\Junk
  }}
}}
service imap-login {{
  chroot=
  inet_listener imap {{
    port={imap}
  }}
  inet_listener imaps {{
    port={imaps}
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port={lmtp}
  }}
}}
service anvil {{
  chroot=
  unix_listener anvil-auth-penalty {{
    mode=0
  }}
}}
service stats {{
  chroot=
}}
"""


#: Tokens are checked here, by a key of our own, and not at somebody's web service.
_OAUTH2 = """\
introspection_mode=local
local_validation_key_dict=fs:posix:prefix={d}/keys/
username_attribute=sub
"""
_TOKEN_KEY = b"known to this server and its tests"


class DovecotMissing(Exception):
    """The server's packages are not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One account of a running Dovecot."""

    host: str
    imap_port: int  #: plain text
    imaps_port: int
    lmtp_port: int
    user: str
    password: str
    maildir: Path  #: new, cur, tmp come into being with the first delivery or login
    certificates: Certificates
    owner: tuple[int, int] = field(default=(-1, -1))  #: uid, gid of the server

    @property
    def tls(self) -> ssl.SSLContext:
        """A context that trusts this server and no other."""
        return ssl.create_default_context(cafile=str(self.certificates.authority))

    @property
    def url(self) -> str:
        """As it stands in a configuration; the password is not in it."""
        return f"imaps://{self.user}@{self.host}:{self.imaps_port}/INBOX"

    def token(self, seconds: int = 600) -> str:
        """An access token for this account, good for so long (a JWT, RFC 7519)."""
        now = int(time.time())
        claims = {"sub": self.user, "iat": now - 60, "exp": now + seconds}
        parts = ({"alg": "HS256", "typ": "JWT"}, claims)
        signed = ".".join(_encoded(json.dumps(part).encode()) for part in parts)
        signature = hmac.digest(_TOKEN_KEY, signed.encode(), "sha256")
        return f"{signed}.{_encoded(signature)}"

    def deliver(self, *messages: bytes, sender: str = "applicant@example.com") -> None:
        """Hand messages over as a provider's MTA does: by LMTP (RFC 2033)."""
        with smtplib.LMTP(self.host, self.lmtp_port) as lmtp:
            for message in messages:
                lmtp.sendmail(sender, [self.user], message)

    def drop(self, *messages: bytes, first: int = 0) -> None:
        """Write files straight into Maildir/new: fast, and with any bytes."""
        for name in ("cur", "new", "tmp"):
            self._folder(self.maildir / name)
        now = int(time.time())
        for number, message in enumerate(messages, first):
            path = self.maildir / "new" / f"{now}.M{number:06d}P{os.getpid()}.test"
            path.write_bytes(message)
            if self.owner != (-1, -1):
                os.chown(path, *self.owner)

    def _folder(self, folder: Path) -> None:
        for place in (folder.parent.parent, folder.parent, folder):
            if not place.is_dir():
                place.mkdir()
                if self.owner != (-1, -1):
                    os.chown(place, *self.owner)


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


class Dovecot:
    """Starts with :meth:`start`; :meth:`stop` ends the process and removes its folder."""

    def __init__(self) -> None:
        self._folder = Path()
        self._boxes = 0
        self._ports: tuple[int, int, int] = (0, 0, 0)
        self._certificates: Certificates | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Raises DovecotMissing, RuntimeError with the server's log."""
        program = shutil.which("dovecot", path=_PATH)
        if program is None:
            raise DovecotMissing(INSTALL)
        # Not below pytest's own folder: that is closed to other users, and a path
        # to a socket may have 108 bytes only.
        self._folder = Path(tempfile.mkdtemp(prefix="mailbot-dovecot-", dir="/tmp"))
        try:
            self._start(program)
        except BaseException:
            self.stop()
            raise

    def _start(self, program: str) -> None:
        self._certificates = make_certificates(self._folder)
        self._ports = (free_port(), free_port(), free_port())
        self._run(program, self._configure())

    def _run(self, program: str, configuration: Path) -> None:
        self._process = subprocess.Popen(
            [*self._as_nobody(), program, "-F", "-c", str(configuration)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._await()

    def halt(self) -> None:
        """End the server and everything it started; its mails stay."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            with suppress(ProcessLookupError):  # who serves an open connection lives on
                os.killpg(process.pid, signal.SIGKILL)

    def resume(self) -> None:
        """Begin again after :meth:`halt`, on the same ports."""
        program = shutil.which("dovecot", path=_PATH)
        assert program is not None
        self._run(program, self._folder / "dovecot.conf")

    def stop(self) -> None:
        """End the server and remove its folder; safe to call twice."""
        self.halt()
        if self._folder != Path():
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = Path()

    def box(self) -> Box:
        """A new, empty account."""
        self._boxes += 1
        user = f"box{self._boxes}"
        assert self._certificates is not None
        imap, imaps, lmtp = self._ports
        return Box(
            host="127.0.0.1",
            imap_port=imap,
            imaps_port=imaps,
            lmtp_port=lmtp,
            user=user,
            password=PASSWORD,
            maildir=self._folder / "mail" / user / "Maildir",
            certificates=self._certificates,
            owner=(_NOBODY, _NOBODY) if os.geteuid() == 0 else (-1, -1),
        )

    def _configure(self) -> Path:
        assert self._certificates is not None
        uid, gid = (_NOBODY, _NOBODY) if os.geteuid() == 0 else (os.geteuid(), os.getegid())
        imap, imaps, lmtp = self._ports
        configuration = self._folder / "dovecot.conf"
        configuration.write_text(
            _CONFIGURATION.format(
                d=self._folder,
                user=pwd.getpwuid(uid).pw_name,
                group=grp.getgrgid(gid).gr_name,
                uid=uid,
                gid=gid,
                certificate=self._certificates.certificate,
                key=self._certificates.key,
                password=PASSWORD,
                imap=imap,
                imaps=imaps,
                lmtp=lmtp,
            ),
            "utf-8",
        )
        (self._folder / "oauth2.conf").write_text(_OAUTH2.format(d=self._folder), "utf-8")
        key = self._folder / "keys" / "default" / "HS256" / "default"
        key.parent.mkdir(parents=True)
        key.write_bytes(base64.b64encode(_TOKEN_KEY))
        for name in ("run", "state", "mail"):
            (self._folder / name).mkdir()
        if os.geteuid() == 0:
            for path in (self._folder, *self._folder.rglob("*")):
                os.chown(path, uid, gid)
        return configuration

    def _as_nobody(self) -> list[str]:
        if os.geteuid() != 0:
            return []
        setpriv = shutil.which("setpriv", path=_PATH)
        if setpriv is None:
            raise DovecotMissing("setpriv is not installed; on Debian: apt-get install util-linux")
        return [setpriv, f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"]

    def _await(self) -> None:
        """Until IMAP greets and LMTP listens."""
        assert self._process is not None
        end = time.monotonic() + 20
        while time.monotonic() < end and self._process.poll() is None:
            with suppress(OSError):
                for port in self._ports:
                    with socket.create_connection(("127.0.0.1", port), 1):
                        pass
                return
            time.sleep(0.02)
        log = self._folder / "dovecot.log"
        said = log.read_text("utf-8", "replace") if log.exists() else "(no log)"
        raise RuntimeError(f"Dovecot did not start:\n{said}")
