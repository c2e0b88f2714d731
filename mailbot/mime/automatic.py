"""Which messages a machine sent: nothing of the kind is ever answered.

Looks at header fields only (RFC 3834, 5230, 2369, 2919, 3464) and says why in
Chinese. It does not judge content and keeps no count of replies.

An absent Return-Path is no reason by itself. Final delivery adds the field (RFC 5321
section 4.4), but some providers hand out every mail without it, and a message saved
by a mail program has lost it: whether it should be there is told by the other mails of
the mailbox, which this room does not know (:meth:`mailbot.outcome.Register.expects_path`).
The null path and a malformed one are reasons.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from mailbot.mime.headers import Headers

_PATH = re.compile(r"<?[^<>@\s]+@[^<>@\s]+>?")
_MACHINE = re.compile(
    r"(mailer[-_.]?daemon|post-?master|(.+[-_.])?no[-_.]?reply|do[-_.]?not[-_.]?reply"
    r"|auto[-_.]?reply|bounces?(?!\+srs=))([-_.+=].*)?|owner-.+|.+-(request|owner|bounces?)([+=].*)?"
    # programs of mailing lists, and the accounts that servers' own programs run under
    r"|listserv|majordomo|sympa|root|daemon|nobody|uucp|cron|www-data|apache|nginx",
    re.IGNORECASE,
)
#: How a server that sends under some other address calls itself.
_SERVER = re.compile(r"\"?(mail delivery (sub)?system|mailer[- ]daemon)\b", re.IGNORECASE)
_SUBJECT = re.compile(
    r"(自动回复|自动答复|自動回覆|auto(matic)?[- ]?(reply|response)|out of (the )?office)[:：\s]"
    r"|(自动回复|自动答复|自動回覆)$",
    re.IGNORECASE,
)
_BULK = re.compile(r"(bulk|list|junk)\b", re.IGNORECASE)


def automatic_reason(headers: Headers, own_addresses: Collection[str] = ()) -> str:
    """Why no answer may go to this message, in Chinese; "" when one may.

    ``own_addresses`` are ours in lower case; without them the last check is left out.
    """
    return (
        _by_path(headers)
        or _by_declaration(headers)
        or _by_loop(headers, own_addresses)
        or _by_distribution(headers)
        or _by_content_type(headers)
        or _by_sender(headers)
        or from_ourselves(_address(headers.first("from")), own_addresses)
    )


def from_ourselves(sender: str, own_addresses: Collection[str]) -> str:
    """The reason when the sender's address is one of ours; "" otherwise."""
    return "发件人就是本系统自己的地址" if sender and sender.lower() in own_addresses else ""


def _by_path(headers: Headers) -> str:
    if "return-path" not in headers:
        return ""
    path = headers.first("return-path")
    if path == "<>":
        return "退信地址为空（Return-Path: <>），系统自动发出的邮件"
    return "" if _PATH.fullmatch(path) else "退信地址（Return-Path）格式不正确"


def _by_declaration(headers: Headers) -> str:
    submitted = headers.first("auto-submitted").split(";")[0].strip().lower()
    if submitted not in ("", "no"):
        return f"邮件注明由程序自动发出（Auto-Submitted: {submitted}）"
    if headers.first("x-auto-response-suppress").lower() not in ("", "none"):
        return "邮件要求不作自动答复（X-Auto-Response-Suppress）"
    if any(name in headers for name in ("x-autoreply", "x-autorespond", "x-autoresponder")):
        return "对方邮箱的自动回复（X-Autoreply）"
    return ""


def _by_loop(headers: Headers, own_addresses: Collection[str]) -> str:
    """Our replies name our address in X-Loop; one that comes back is delivered to it."""
    here = set(own_addresses)
    for name in ("delivered-to", "x-original-to", "to", "cc"):
        here.update(
            found.lower() for value in headers.all(name) for found in _ADDRESS.findall(value)
        )
    passed = {found.lower() for value in headers.all("x-loop") for found in _ADDRESS.findall(value)}
    return "本系统自己发出的邮件（X-Loop）" if passed & here else ""


def _by_distribution(headers: Headers) -> str:
    if listed := next((name for name in headers.names() if name.startswith("list-")), ""):
        return f"邮件列表发出的邮件（{listed.title()}）"
    if _BULK.match(headers.first("precedence")):
        return f"群发邮件（Precedence: {headers.first('precedence').lower()}）"
    return "群发邮件（Feedback-ID）" if "feedback-id" in headers else ""


def _by_content_type(headers: Headers) -> str:
    media_type = headers.first("content-type").split(";")[0].strip().lower()
    if media_type == "multipart/report" or media_type.startswith("message/d"):
        return "退信或回执（multipart/report）"
    return ""


def _by_sender(headers: Headers) -> str:
    written = headers.first("from")
    for address in (_address(written), headers.first("return-path").strip("<> ")):
        local = address.partition("@")[0]
        if _MACHINE.fullmatch(local):
            return f"系统地址发出的邮件（{local.lower()}）"
    if _SERVER.match(written):
        return "邮件服务器发出的邮件"
    if _SUBJECT.match(headers.first("subject")):
        return "对方邮箱的自动回复"
    return ""


_ADDRESS = re.compile(r"[^\s<>\"',;:()]+@[^\s<>\"',;:()]+")


def _address(field: str) -> str:
    """The last address of a From field: what stands before it is a display name."""
    found = _ADDRESS.findall(field)
    return found[-1].lower() if found else ""
