"""超大附件: files that the sender's provider keeps and only links to.

Finds the links of the providers in HTML and plain text, with the name, size and
expiry printed beside them. It never follows one: what is behind a link is not
part of the mail, and may be gone or changed tomorrow.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from itertools import chain, islice

from mailbot.mime.body import Element, element_text, parse_html
from mailbot.model import CloudLink

#: Links of mail providers to files that a mail was to carry, and shares of network disks.
_PROVIDERS = re.compile(
    r"https?://(?:"
    r"mail\.(?:163|126)\.com/large-attachment-download/"
    r"|mail\.yeah\.net/large-attachment-download/"
    r"|fs\.163\.com/fs/display/"
    r"|dashi\.163\.com/html/cloud-attachment-download"
    r"|u\.163\.com/"
    r"|edisk\.qiye\.163\.com/"
    r"|(?:[\w-]+\.)?(?:ex)?mail\.qq\.com/(?:ftn/download|cgi-bin/ftnExs_download)"
    r"|mail\.sina\.(?:com\.cn|cn|com)/filecenter"
    r"|download\.cloud\.189\.cn/"
    r"|cloud\.189\.cn/(?:t/|web/share)"
    r"|(?:caiyun|yun)\.139\.com/(?:link/|shareweb/|m/i|w/i|front/)"
    r"|pan\.baidu\.com/(?:s/|share/)"
    r"|(?:www\.)?(?:alipan|aliyundrive)\.com/s/"
    r"|share\.weiyun\.com/"
    r"|pan\.quark\.cn/s/"
    r"|(?:www\.)?jianguoyun\.com/p/"
    r"|(?:www\.)?wenshushu\.cn/f/"
    r"|(?:[\w-]+\.)?cowtransfer\.com/s/"
    r"|1drv\.ms/"
    r"|[\w-]+\.sharepoint\.(?:com|cn)/:[a-z]:/"
    r"|drive\.google\.com/(?:file/d/|open\?|drive/folders/|uc\?)"
    r")",
    re.IGNORECASE,
)
#: NetEase puts this button, for its own program, beside the links to the files.
_BUTTON = re.compile(r"https?://u\.163\.com/", re.IGNORECASE)
#: How providers that are not known here head such files.
_SPOKEN = re.compile("(?:超大|大|云)附件|中转站")
_URL = re.compile(r"https?://[^\s<>\"'（）()，。、；]+", re.IGNORECASE)
#: An address that a mail program has broken in two at the end of a line.
_BROKEN = re.compile(r"(https?://\S{40,2000})\r?\n(?=[\w%&=?./+-]{4,2000}[ \t]*(?:\r?\n|\Z))")
_NAME = re.compile(
    r"[^\s\\/:：*?\"<>|]{1,200}\.(?:docx?|xlsx?|pptx?|wps|et|dps|ofd|rtf|csv|pdf|zip|rar|7z|tar|gz"
    r"|jpe?g|png|bmp|tiff?|mp4|mov|avi|wmv|mp3|dwg|txt|eml)"
    r"(?![A-Za-z0-9])",
    re.IGNORECASE,
)
#: The text of a link that is nothing but a name, with blanks in it perhaps.
_NAMED = re.compile(r"[^\\/:*?\"<>|\n]{1,200}\.[A-Za-z][A-Za-z0-9]{1,4}")
_SIZE = re.compile(
    r"\d{1,12}(?:\.\d{1,6})?\s?(?:[KMGT]B?|[KMGT]?字节|Bytes?)(?![A-Za-z0-9])", re.IGNORECASE
)
_DATE = r"\d{4}\s?[年/-]\s?\d{1,2}\s?[月/-]\s?\d{1,2}(?:\s?日)?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?"
_EXPIRES = re.compile(
    rf"({_DATE})\s*(?:到期|过期|失效|前有效)"
    rf"|(?:到期|过期|有效期|失效)(?:时间|日期)?(?:至|到)?\s*[:：]?\s*({_DATE})"
    r"|(无限期|永久有效|长期有效)"
    r"|(?<!\d)(\d{1,3}\s?天)(?:后|内)?(?:到期|过期|失效|有效)"
    r"|(?:有效期|剩余|保存)(?:时间)?\s*[:：]?\s*(\d{1,3}\s?天)"
)
_MOMENT = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})\D*(?:(\d{1,2}):(\d{2}))?")
_DAYS = re.compile(r"(\d{1,3})\s?天")
#: The providers are Chinese and print the time of China, whoever reads it.
_CHINA = timezone(timedelta(hours=8))
#: How far above a link what is printed beside it may stand.
_CLIMB = 6
#: The same for links of providers that are not known, and the characters there may be:
#: a signature below a quoted letter of ours must not be taken for a file that it names.
_CLIMB_UNKNOWN, _BESIDE_UNKNOWN = 3, 300
#: Characters around a link that may describe it, links in a mail, and anchors of
#: one link (icon, name, button) that are looked at: a mail has a few, a bomb thousands.
_BESIDE = 2000
_LINKS = 50
_REPEATS = 3


def links_in(html_parts: Iterable[str], text_parts: Iterable[str]) -> tuple[CloudLink, ...]:
    """Every link once, in order; the fuller description wins."""
    found: dict[str, CloudLink] = {}
    for link in (
        *(link for part in html_parts for link in _in_html(part)),
        *(link for part in text_parts for link in _in_text(part)),
    ):
        known = found.get(link.url)
        if known is None or _fullness(link) > _fullness(known):
            found[link.url] = link
    links = tuple(found.values())
    return tuple(link for link in links if link.name or not _BUTTON.match(link.url)) or links


def expiry(printed: str, arrived: datetime) -> datetime | None:
    """When a link ends, by what is printed beside it; aware. None where it says nothing of it.

    A day without a time is taken as its beginning, so that a warning comes early
    enough; a number of days counts from the mail's arrival.
    """
    if moment := _MOMENT.search(printed):
        year, month, day, hour, minute = (int(group or 0) for group in moment.groups())
        try:
            return datetime(year, month, day, hour, minute, tzinfo=_CHINA)
        except ValueError:  # 31 June, or 25:00
            return None
    days = _DAYS.search(printed)
    return arrived + timedelta(days=int(days[1])) if days else None


def _fullness(link: CloudLink) -> int:
    return bool(link.name) + bool(link.size) + bool(link.expires)


def _in_html(markup: str) -> Iterator[CloudLink]:
    if "http" not in markup.lower():
        return
    root = parse_html(markup)
    if root is None:
        return
    anchors = {anchor: _address(anchor.get("href") or "") for anchor in root.iter("a")}
    provided = {anchor: url for anchor, url in anchors.items() if _PROVIDERS.match(url)}
    if not provided and _SPOKEN.search(markup):
        web = ({anchor: url} for anchor, url in anchors.items() if _URL.match(url))
        described = (_links(one, _CLIMB_UNKNOWN, _BESIDE_UNKNOWN) for one in islice(web, _LINKS))
        yield from _printed(chain.from_iterable(described))
        return
    yield from _links(provided)


def _printed(links: Iterable[CloudLink]) -> Iterator[CloudLink]:
    """Of other links those beside which a file stands with its size and its end, each once."""
    named: set[str] = set()
    for link in links:
        if link.name and link.size and link.expires and link.name not in named:
            named.add(link.name)
            yield link


def _links(
    provided: dict[Element, str], climb: int = _CLIMB, limit: int = _BESIDE
) -> Iterator[CloudLink]:
    times: Counter[str] = Counter()
    for anchor, url in provided.items():
        times[url] += 1
        if len(times) > _LINKS:
            return
        if times[url] > _REPEATS:
            continue
        named = element_text(anchor, limit=limit) or ""
        beside = _beside(anchor, provided, climb, limit)
        yield _described(url, f"{named}\n{beside or named}", named)


def _beside(anchor: Element, provided: dict[Element, str], climb: int, limit: int) -> str:
    """The text around a link, up to where another link's or too much begins."""
    beside = ""
    place = anchor.getparent()
    for _step in range(climb):
        if place is None or any(
            provided.get(other, provided[anchor]) != provided[anchor] for other in place.iter("a")
        ):
            break
        text = element_text(place, limit=limit)
        if text is None:
            break
        beside = text
        if _SIZE.search(beside) and _NAME.search(beside):
            break
        place = place.getparent()
    return beside


def _in_text(value: str) -> Iterator[CloudLink]:
    """A link in plain text; its description stands in the same line or the two before it."""
    if _PROVIDERS.search(value):
        yield from _links_in_text(value, _PROVIDERS)
    elif _SPOKEN.search(value):
        yield from _printed(_links_in_text(value, _URL))


def _links_in_text(value: str, wanted: re.Pattern[str]) -> Iterator[CloudLink]:
    lines = _BROKEN.sub(r"\1", value).splitlines()
    times: Counter[str] = Counter()
    for index, line in enumerate(lines):
        for match in _URL.finditer(line):
            url = _address(match.group())
            if not wanted.match(url):
                continue
            times[url] += 1
            if len(times) > _LINKS:
                return
            if times[url] > _REPEATS:
                continue
            before = [line[: match.start()][-_BESIDE:]]
            for earlier in reversed(lines[max(0, index - 2) : index]):
                if _URL.search(earlier):
                    break
                before.append(earlier[-_BESIDE:])
            yield _described(url, "\n".join(before))


def _address(value: str) -> str:
    """The link as it was meant: providers escape it once or twice too often."""
    for _round in range(3):
        value = html.unescape(value)
    return re.sub(r"[\t\r\n]+", "", value).strip()


def _described(url: str, beside: str, named: str = "") -> CloudLink:
    """``named`` is the text of the link itself, which may be the whole name."""
    whole = _NAMED.fullmatch(named)
    name, size, expires = _NAME.search(beside), _SIZE.search(beside), _EXPIRES.search(beside)
    return CloudLink(
        url=url,
        name=named if whole else name.group() if name else "",
        size=size.group() if size else "",
        expires=next((group for group in expires.groups() if group), "") if expires else "",
    )
