"""Raw bytes to a Message: the one place where a mail is taken apart.

mail-parser reads fields, addresses and defects; the bytes of the parts, their
names and charsets go through our own repair, because Chinese mail needs it.
Opens no attachment. Meant to run in a child process: what is too large or too
deep is refused, and the rest still costs memory in proportion to the mail.
"""

from __future__ import annotations

import email
import re
from datetime import UTC, datetime
from email.errors import MessageError
from email.message import Message as Entity
from email.utils import parsedate_to_datetime

import mailparser
from mailparser.exceptions import MailParserError, MailParserRecursionError
from mailparser.utils import get_addresses

from mailbot.mime import authenticity, body, cloudlinks, filenames, parts, recovered
from mailbot.mime.automatic import automatic_reason
from mailbot.mime.bounces import is_bounce, read_report
from mailbot.mime.forwarded import writer_of
from mailbot.mime.headers import Headers, decode_words, one_line
from mailbot.mime.lightened import WHOLE, lighten
from mailbot.mime.parts import MessageRefused, Part
from mailbot.model import Attachment, CloudLink, Envelope, Message
from parsers.containers.winmail import SIGNATURE as WINMAIL
from parsers.containers.winmail import holds_files

__all__ = ["MessageRefused", "parse_message"]

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,998}>")
_RETURNED_ID = re.compile(r"^\s*Message-ID:\s*(<[^<>\s]{1,998}>)", re.IGNORECASE | re.MULTILINE)
_CID = re.compile(r"cid:([^\"'\s>)]+)", re.IGNORECASE)


def parse_message(raw: bytes) -> Message:
    """Take one message apart.

    Raises MessageRefused (its text is Chinese, for staff) when header block,
    parts or nesting are over the limits of :mod:`mailbot.mime.parts`.
    """
    mended, changed = parts.mend(raw)
    parts.check_size(mended)
    try:
        light = lighten(mended)
        entity, defects, claimed = _parse(light.raw)
        if not light.fits(entity):
            light = WHOLE
            entity, defects, claimed = _parse(mended)
        found = list(parts.walk(entity, light))
        late = _behind_the_end(entity)
    except RecursionError as error:
        raise MessageRefused("邮件嵌套过深，未予解析") from error
    if changed:
        defects = (*defects, "HeaderLineWithoutColon")
    headers = Headers.of(entity)
    report = entity.get_content_type() == "multipart/report"
    envelope = _envelope(headers, found, report=report, date=claimed)
    own, links = _words(found, answer=bool(envelope.in_reply_to or envelope.references))
    files = [] if report else _attachments(found)
    known = {entry.content for entry in files}
    files += [] if report else [entry for entry in late if entry.content not in known]
    return Message(
        envelope=envelope,
        body=own,
        attachments=tuple(files),
        links=links,
        defects=defects,
    )


def _parse(raw: bytes) -> tuple[Entity, tuple[str, ...], datetime | None]:
    """The tree, the names of the defects, the time the sender claims.

    Where mail-parser trips over a broken structure the standard library reads on.
    """
    try:
        parser = mailparser.parse_from_bytes(raw)
    except MailParserRecursionError as error:
        raise MessageRefused("邮件嵌套过深，未予解析") from error
    except (AttributeError, TypeError, LookupError, ValueError, MessageError, MailParserError) as e:
        entity = email.message_from_bytes(raw)
        return entity, (f"mail-parser: {type(e).__name__}",), _date(str(entity.get("date", "")))
    claimed = parser.date.replace(tzinfo=UTC) if parser.date else None
    return parser.message, tuple(sorted(set(parser.defects_categories))), claimed


def _behind_the_end(entity: Entity) -> list[Attachment]:
    """Files behind a closing delimiter, which nobody else reads."""
    found: list[Part] = []
    for lost in recovered.behind_the_end(entity):
        found += parts.walk(parts.parse(lost))
    return _attachments(found)


def _envelope(
    headers: Headers, found: list[Part], *, report: bool, date: datetime | None
) -> Envelope:
    sender_name, sender = _mailbox(headers, "from")
    bounce = is_bounce(headers, found, report=report, sender=sender)
    told = read_report(headers, found) if bounce else None
    evidence = authenticity.results(headers)
    return Envelope(
        message_id=next(iter(_ids(headers, "message-id")), ""),
        subject=headers.first("subject"),
        sender=sender,
        sender_name=sender_name,
        return_path=_return_path(headers),
        reply_to=_mailbox(headers, "reply-to")[1],
        recipients=_recipients(headers),
        date=date,
        received=_received(headers),
        in_reply_to=_ids(headers, "in-reply-to"),
        references=_ids(headers, "references"),
        automatic=automatic_reason(headers) or ("退信" if bounce else ""),
        bounce=bounce,
        about=_about(found, bounce=bounce),
        delivery=told.outcome if told else "",
        undelivered=told.recipients if told else (),
        reason=told.reason if told else "",
        authentication=evidence,
        unverified=authenticity.failure(evidence),
        forwarded="" if bounce else writer_of(headers, found, sender),
    )


def _addresses(value: str) -> list[tuple[str, str]]:
    """(name, address in lower case) of an address field, by mail-parser."""
    return [
        (one_line(decode_words(name)), address.lower())
        for name, address in get_addresses(value, decode_names=False)
        if "@" in address
    ]


def _mailbox(headers: Headers, name: str) -> tuple[str, str]:
    return next(iter(_addresses(headers.tokens(name))), ("", ""))


def _recipients(headers: Headers) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            address
            for name in ("delivered-to", "x-original-to", "to", "cc")
            for value in headers.all_tokens(name)
            for _name, address in _addresses(value)
        )
    )


def _return_path(headers: Headers) -> str | None:
    if "return-path" not in headers:
        return None
    value = headers.first("return-path").strip("<> ").lower()
    return value if "@" in value else ""


def _received(headers: Headers) -> datetime | None:
    """RFC 5321 section 4.4: the time stands behind the last semicolon."""
    return _date(headers.first("received").rpartition(";")[2])


def _date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value.strip())
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _ids(headers: Headers, name: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(found for value in headers.all(name) for found in _MESSAGE_ID.findall(value))
    )


def _about(found: list[Part], *, bounce: bool) -> tuple[str, ...]:
    """Message-IDs in the messages returned or enclosed; the caller knows which are ours."""
    ids: list[str] = []
    for part in found:
        if part.media_type == "message/rfc822":
            ids += _ids(part.headers, "message-id")
        elif part.media_type == "text/rfc822-headers" or (bounce and part.is_text):
            ids += _RETURNED_ID.findall(part.text)
    return tuple(dict.fromkeys(ids))


def _words(found: list[Part], *, answer: bool) -> tuple[str, tuple[CloudLink, ...]]:
    texts = [part for part in found if part.is_text and part.depth == 0]
    plain = [part.text for part in texts if part.media_type == "text/plain"]
    markup = [part.text for part in texts if part.media_type == "text/html"]
    enclosed = [part for part in found if part.is_text and part.depth > 0]
    own = body.own_words("\n".join(plain), answer=answer)
    if not own:
        shown = "\n".join(map(body.text_of_html, markup))
        if not shown and not answer:
            shown = "\n".join(body.text_of_html(entry, quotes=True) for entry in markup)
        own = body.own_words(shown, answer=answer)
    # a file that a forwarded mail only links to has not come either
    markup += [part.text for part in enclosed if part.media_type == "text/html"]
    plain += [part.text for part in enclosed if part.media_type == "text/plain"]
    return own, cloudlinks.links_in(markup, plain)


def _attachments(found: list[Part]) -> list[Attachment]:
    shown = {
        reference
        for part in found
        if part.is_text and part.media_type == "text/html"
        for reference in _CID.findall(part.text)
    }
    files = [part for part in found if _is_file(part, shown)]
    out: list[Attachment] = []
    for number, part in enumerate(files, 1):
        name = part.name or filenames.made_up(number, part.media_type, part.content)
        out.append(
            Attachment(
                name="/".join((*part.path, name)),
                media_type=part.media_type,
                content=part.content,
                depth=part.depth,
            )
        )
    return out


def _is_file(part: Part, shown: set[str]) -> bool:
    """Not the text, not a report, not a picture the text shows."""
    if part.is_text or part.is_machinery or part.media_type == "message/rfc822":
        return False
    if not part.content and not part.name:
        return False
    if part.content.startswith(WINMAIL) and not holds_files(part.content):
        return False  # only the looks of the text
    if part.media_type == "text/calendar" and not part.name:
        return False
    decoration = part.content_id and part.content_id in shown and part.disposition != "attachment"
    return not decoration
