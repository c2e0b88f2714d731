"""What came back: reports that a message of ours did not arrive, and why.

Reads delivery status notifications (RFC 3464, RFC 6533) and the notices that 163,
QQ and others write in words of their own. It does not know our replies: which one
came back is found by whoever keeps them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mailbot.mime import body
from mailbot.mime.headers import Headers, one_line
from mailbot.mime.parts import Part

_STATUS = ("message/delivery-status", "message/global-delivery-status")
#: How Chinese and other providers head a returned mail that is no RFC 3464 report.
_RETURNED = re.compile(
    r"退信|退回|投递失败|无法投递|undeliver|delivery (status|failure|has failed|incomplete|delayed)"
    r"|failure notice|returned mail|mail delivery (failed|system)",
    re.IGNORECASE,
)
_POSTMAN = re.compile(r"(mailer[-_.]?daemon|post-?master|mail-?daemon)@", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+%=-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}")
_FIELD = re.compile(r"^([A-Za-z-]{1,40}):[ \t]*(.*(?:\n[ \t].*)*)$", re.MULTILINE)
#: RFC 3464 section 2.3.3: only this one says that it was given up.
_GIVEN_UP = "failed"
_DELAYED = re.compile(
    r"delayed|延迟|warning: message|尚未|will (keep|continue)|仍在尝试", re.IGNORECASE
)
#: The cause stands behind these words, in the same line or the next one.
_CAUSE = re.compile(
    r"(?:退信原因|退回原因|失败原因|错误原因|投递失败的?原因|错误信息|原因)\s*(?:[（(][^）)\n]{0,30}[）)])?"
    r"[ \t]*[:：]?[ \t]*\n?\s*([^\n]{2,600})"
)
_CODE = re.compile(
    r"^.{0,200}?(?<![\d.])[45]\d\d[ -](?:\d\.\d{1,3}\.\d{1,3}\b)?.{2,300}$", re.MULTILINE
)
_REASON = 200  #: characters that are kept
_MANY = 20  #: addresses of one report


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a bounce says."""

    outcome: str  #: "failed", or "delayed" where nothing is lost yet
    recipients: tuple[str, ...]  #: that it speaks of, lower case; too many rather than too few
    reason: str  #: in the server's words, one line; "" where none is given


def is_bounce(headers: Headers, found: Sequence[Part], *, report: bool, sender: str) -> bool:
    """Is it a message about the fate of another one? ``report``: it is a multipart/report."""
    if any(part.media_type in _STATUS and part.depth == 0 for part in found):
        return True
    if report and "delivery-status" in headers.first("content-type").lower():
        return True
    if "x-failed-recipients" in headers:
        return True
    nobody = headers.first("return-path") == "<>" or bool(_POSTMAN.match(sender))
    return nobody and bool(_RETURNED.search(headers.first("subject")))


def read_report(headers: Headers, found: Sequence[Part]) -> Report:
    """What a bounce says: in its fields, else in its words."""
    fields = [
        (name.lower(), one_line(value))
        for part in found
        if part.media_type in _STATUS and part.depth == 0
        for name, value in _FIELD.findall(part.text.replace("\r\n", "\n"))
    ]
    words = "\n".join(_words(found))
    actions = {value.split("(")[0].strip().lower() for name, value in fields if name == "action"}
    delayed = bool(actions) and _GIVEN_UP not in actions
    if not actions:
        delayed = bool(_DELAYED.search(headers.first("subject")))
    told = [value for name, value in fields if name.endswith("-recipient")]
    told += headers.all("x-failed-recipients")
    recipients = [found for text in told for found in _ADDRESS.findall(text)]
    if not recipients:
        recipients = _ADDRESS.findall(words)[: 2 * _MANY]
    return Report(
        outcome="delayed" if delayed else _GIVEN_UP,
        recipients=tuple(dict.fromkeys(entry.lower() for entry in recipients))[:_MANY],
        reason=_reason(fields, words),
    )


def _words(found: Sequence[Part]) -> Iterator[str]:
    """The notice itself, without what was returned."""
    for part in found:
        if part.depth == 0 and part.is_text:
            shown = part.text if part.media_type == "text/plain" else body.text_of_html(part.text)
            yield shown.replace("\r\n", "\n")


def _reason(fields: Sequence[tuple[str, str]], words: str) -> str:
    """The server's own words are more use on the telephone than the number alone."""
    diagnostics = [
        value.partition(";")[2] or value for name, value in fields if name == "diagnostic-code"
    ]
    statuses = [value for name, value in fields if name == "status"]
    if said := next((entry.strip() for entry in diagnostics if entry.strip()), ""):
        return said[:_REASON]
    if cause := _CAUSE.search(words):
        return one_line(cause[1])[:_REASON]
    if line := _CODE.search(words):
        return one_line(line[0])[:_REASON]
    return next(iter(statuses), "")[:_REASON]
