"""What an applicant's own words take back: which items are withdrawn, which are to be kept.

Conventions of Chinese letters, no campaign's: words of withdrawing and of
keeping, negations, names in quotation marks, lists below a colon. Pure. In doubt
the words are unclear, and a person reads them; nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from parsers.forms.labels import normalise_name
from rules.model import Item

#: Characters of a letter that are read; what follows is no letter any more.
_READ = 20_000

#: Stand for a name in the text; the last one for a name that several items have.
_FIRST, _LAST = 0xE000, 0xF8FF
_NAME = re.compile(f"[{chr(_FIRST)}-{chr(_LAST)}]")
_SHARED = chr(_LAST)

_VERB = re.compile(
    r"(?P<past>(?:已经?|曾经?|此前|之前|上次|前次)(?:撤回|撤销|取消|放弃|退出)|撤回(?:通知|办理|的))"
    r"|(?P<letter>(?:撤回|撤销|取消)(?:上|前|该|这|那|此)?一?(?:封|个)?(?:邮件|来信|附件|文件|消息))"
    r"|(?P<not>(?:不(?!得不|能不)|未|没有?|勿|别|无需|无须|并非|毋)"
    r"(?:再|予|要求|提出|要|用|必|想|能|会|得|可|打算|准备|考虑|同意|申请|决定){0,2}"
    r"(?:撤回|撤销|撤下|撤出|取消|放弃|退出))"
    r"|(?P<withdraw>撤回|撤销|撤下|撤出|取消|放弃|退出"
    r"|(?:不再?|终止|停止)(?:参加|参与|参评|参赛|申报|报名|推荐|保留)|不(?:报|予保留|保留)(?!告))"
    r"|(?P<keep>保留|留用|选择|选定|(?:只|仅|拟)(?:申报|报送|报))"
)
_ALL = re.compile(r"全部|所有|一并|均(?:予以?)?(?=撤|取|放|退|不)|都(?=撤|取|放|退|不)")
_REST = re.compile(r"其余|其他|其它|剩余|余下")
_UNSURE = re.compile(
    r"[?？]|吗|如果|假如|倘若|若|如需|能否|可否|是否|如何|怎么|怎样|请问|万一|考虑|打算|可能|也许|暂缓"
)
_REPLACED = re.compile(
    r"重新(?:报|提|上|发|申)|重报|更换|替换|更正|改(?:报|为|成)|为准|新版|修改后|再(?:次)?(?:报|提交)"
)
_QUOTED = re.compile(r"[「『“\"《]([^「」『』“”\"《》]{1,60})[」』”\"》]")
_RECEIPT = re.compile(r"(?<![a-z0-9])[a-z]{1,8}\d{2,}-?\d{2,}(?![a-z0-9])")
_UNKNOWN = re.compile(r"[^\W\d_]{1,8}(?:班组?|小组|团队|工段|车间)")
_SUFFIX = re.compile(r"(?:qc)?(?:质量管理|质量信得过)?(?:小组|班组|团队|项目)$")
_OWN = re.compile(
    r"(?:我们?|本|贵|该|此|这个?|那个?|以?上述?|以下|下列|原)"
    r"(?:单位|公司|协会|小组|班组|团队|企业|司|厂|校|院|次|项|年度?|方|组|班|会)"
)
_GENERAL = re.compile(
    r"单位|公司|协会|企业|申请|申报|报名|参评|参赛|参加|参与|评选|评比|推荐|报送|优秀|资格|名额|项目|材料|资料|成果|活动|作品"
    r"|决定|同意|确定|确认|希望|要求|请求|恳请|请|书面|自愿|主动|特此|特|现|兹|已|将|予以|予|把|对|向|为|的|了|和|与|及|以及"
    r"|并|共|由|关于|经研究|研究|全部|所有|一并|其余|其他|其它|剩余|余下|均|都|仅|只|这|该|本|我|们|此|是|在|中|内"
)
_COUNTED = re.compile(r"[一二三四五六七八九十两\d]+|[年月日号级个项篇种人]|小组|班组|组|班")
_EDGES = " \n，,。;；:：、!！?？（()）[]【】「」『』“”\"'《》<>·.-—_和与及两等"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the words ask for; ordinals of items."""

    withdrawn: frozenset[int] = frozenset()
    kept: frozenset[int] = frozenset()
    only_kept: bool = False  #: the others were not named: they go for the kept ones' sake
    unclear: str = ""  #: why a person must read it, in Chinese; "" where it is clear
    papers: bool = False  #: unclear, and perhaps only about papers that are sent anew

    def __bool__(self) -> bool:
        """Is anything asked for?"""
        return bool(self.withdrawn or self.kept or self.unclear)


def speaks(text: str) -> Literal["", "keep", "withdraw"]:
    """Of withdrawing, or only of keeping? A cheap look before any dossier is opened."""
    verbs = {match.lastgroup for match in _VERB.finditer(_plain(text))}
    return "withdraw" if verbs & {"withdraw", "letter"} else "keep" if "keep" in verbs else ""


def is_demand(text: str) -> bool:
    """Is a withdrawal asked for outright, whatever it is about? Not a question, no condition."""
    plain = _plain(text)
    verbs = {match.lastgroup for match in _VERB.finditer(plain)}
    return "withdraw" in verbs and not _UNSURE.search(plain)


def read_wish(
    text: str,
    items: Sequence[Item],
    *,
    receipts: Mapping[int, str],
    over: Collection[frozenset[int]] = (),
    general: Collection[str] = (),
) -> Wish:
    """What a letter asks for about the ``items`` of its dossier.

    ``receipts`` are their numbers, ``over`` the groups of items of which more were
    sent than places are left, ``general`` names that tell no item: of the unit, of the
    campaign and its categories. Words of keeping count only with ``over``.
    """
    marked = _marked(_plain(text), items, receipts)
    said = tuple(_sayings(marked))
    verbs = [entry for entry in said if entry.verb]
    if not any(entry.verb == "withdraw" or (entry.verb == "keep" and over) for entry in verbs):
        letter = any(entry.verb == "letter" for entry in verbs)
        why = "来信要求撤回邮件或文件，没有说明是否撤回申报项"
        return Wish(unclear=why, papers=True) if letter else Wish()
    if _REPLACED.search(marked) and any(entry.verb == "withdraw" for entry in said):
        why = "来信在撤回的同时提到重新报送或更换，请确认撤回的是申报项还是文件"
        return Wish(unclear=why, papers=not any(e.names for e in said if e.verb == "withdraw"))
    doubt = _doubt(marked, said, general)
    if doubt:
        return Wish(unclear=doubt)
    return _settled(said, marked, [item.ordinal for item in items], over, general)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Saying:
    """Some words with the items they are about."""

    verb: Literal["", "withdraw", "keep", "letter", "none"]
    names: frozenset[int]
    text: str


def _settled(
    said: Sequence[_Saying],
    marked: str,
    ordinals: Sequence[int],
    over: Collection[frozenset[int]],
    general: Collection[str],
) -> Wish:
    def named(verb: str) -> frozenset[int]:
        return frozenset().union(*(entry.names for entry in said if entry.verb == verb))

    withdrawn, kept = named("withdraw"), named("keep")
    words = "".join(entry.text for entry in said if entry.verb == "withdraw")
    asks = any(entry.verb == "withdraw" for entry in said)
    others = frozenset().union(*(group for group in over if group & kept)) - kept
    only_kept = not asks and bool(others)
    if asks and not withdrawn and _REST.search(words) and kept:
        withdrawn = others or frozenset(ordinals) - kept
    elif asks and not withdrawn and _ALL.search(words):
        withdrawn = frozenset(ordinals) - kept
    elif asks and not withdrawn and len(ordinals) == 1 and not _other_name(marked, said, general):
        withdrawn = frozenset(ordinals)
    elif only_kept:
        withdrawn = others
    if withdrawn & kept:
        return Wish(unclear="来信对同一项既说撤回又说保留")
    if not withdrawn and not kept:
        why = "来信没有写明撤回或保留的是哪一项"
        return Wish(unclear=why, papers=asks and _other_name(marked, said, general))
    return Wish(withdrawn=withdrawn, kept=kept, only_kept=only_kept)


def _doubt(marked: str, said: Sequence[_Saying], general: Collection[str]) -> str:
    """Why the words cannot be taken for what they seem to ask; "" where nothing speaks against it."""
    asked = "".join(entry.text for entry in said if entry.verb in ("withdraw", "keep"))
    if _UNSURE.search(asked):
        return "来信是询问或附有条件，没有明确提出撤回"
    if _SHARED in marked:
        return "来信所写的名称有几个申报项同时使用，请确认是哪一项"
    known = "".join(map(_plain, general))
    for quoted in _QUOTED.findall(asked):
        if not _NAME.search(quoted) and quoted not in known:
            return f"来信提到的“{quoted}”不在该单位的申报项中"
    if _RECEIPT.search(asked):
        return "来信所写的受理编号不是该单位的"
    return ""


def _other_name(marked: str, said: Sequence[_Saying], general: Collection[str]) -> bool:
    """Is something named that is none of the items? Then the only one is not meant without saying."""
    objects = "".join(_VERB.sub("", entry.text) for entry in said if entry.verb == "withdraw")
    if not _is_list(_without(objects, general)):
        return True
    return bool(_UNKNOWN.search(_GENERAL.sub(" ", _OWN.sub(" ", _without(marked, general)))))


def _without(text: str, general: Collection[str]) -> str:
    for word in sorted(map(_plain, general), key=len, reverse=True):
        text = text.replace(word, " ") if word else text
    return text


def _sayings(marked: str) -> Iterator[_Saying]:
    """Each clause with its verb and the items it is about.

    Names in front of a verb that has none of its own belong to it; a list of bare
    names continues what was said before it.
    """
    verb: Literal["", "withdraw", "keep", "letter", "none"] = ""
    waiting: frozenset[int] = frozenset()
    for sentence in re.split(r"[。!！;；]|\n\s*\n", marked):
        for clause in re.split(r"[，,\n:：]", sentence):
            names = _names(clause)
            parts = list(_by_verb(clause))
            if not parts:
                if names and verb and _is_list(clause):
                    yield _Saying(verb=verb, names=names, text=clause)
                else:
                    waiting = names or waiting
                    yield _Saying(verb="", names=names, text=clause)
                continue
            for said, own, text in parts:
                verb = said
                yield _Saying(verb=said, names=own or waiting, text=text)
                waiting = frozenset()
        waiting = frozenset()
    return


def _by_verb(
    clause: str,
) -> Iterator[tuple[Literal["withdraw", "keep", "letter", "none"], frozenset[int], str]]:
    """The verbs of one clause, each with its names: those behind it, or those before it."""
    found = list(_VERB.finditer(clause))
    if not found:
        return
    before = bool(_names(clause[: found[0].start()]))
    for place, match in enumerate(found):
        start = 0 if place == 0 else found[place - 1].end() if before else match.start()
        last = place == len(found) - 1
        end = len(clause) if last else match.end() if before else found[place + 1].start()
        text = clause[start:end]
        said: Literal["withdraw", "keep", "letter", "none"] = "none"
        if match.lastgroup in ("withdraw", "keep", "letter"):
            said = match.lastgroup  # type: ignore[assignment]
        yield said, _names(text), text


def _names(text: str) -> frozenset[int]:
    return frozenset(ord(mark) - _FIRST for mark in _NAME.findall(text) if mark != _SHARED)


def _is_list(clause: str) -> bool:
    """Nothing but names, numbers and what joins them?"""
    rest = _GENERAL.sub("", _OWN.sub("", _NAME.sub("", clause)))
    return not _COUNTED.sub("", rest).replace("qc", "").strip(_EDGES)


def _plain(text: str) -> str:
    """Width, case and blanks aside; lines stay; no letter of our own marks comes in."""
    folded = unicodedata.normalize("NFKC", text[:_READ]).casefold()
    folded = _NAME.sub("", folded).replace("\r", "\n")
    folded = re.sub(r"不得不|不能不|只好|只能|只得", "决定", folded)
    return re.sub(r"[^\S\n]+", "", folded)


def _marked(text: str, items: Sequence[Item], receipts: Mapping[int, str]) -> str:
    """The text with a mark in place of every name and number of an item."""
    owners: dict[str, set[int]] = {}
    for item in items:
        for name in _called(item, receipts.get(item.ordinal, "")):
            owners.setdefault(name, set()).add(item.ordinal)
    for name in sorted(owners, key=len, reverse=True):
        who = owners[name]
        mark = chr(_FIRST + next(iter(who))) if len(who) == 1 else _SHARED
        text = _put(text, name, mark)
    return text


def _called(item: Item, receipt: str) -> Iterator[str]:
    """What an item may be called: number, name with and without its company and kind."""
    company = _plain(item.company)
    if receipt:
        yield _plain(receipt)
    for written in (item.name, *item.former_names):
        name = _plain(written).replace("\n", "")
        short = name.removeprefix(company) if company else name
        for form in {name, short, _SUFFIX.sub("", short), company + short if company else name}:
            if len(normalise_name(form)) > 1:
                yield form


def _put(text: str, name: str, mark: str) -> str:
    """Put the mark in place of a name; a short one may be a common word and must stand alone."""
    if len(name) > 2:  # noqa: PLR2004 - two characters are a word of the language
        return text.replace(name, mark)
    edge = re.escape(_EDGES)
    marks = f"{chr(_FIRST)}-{chr(_LAST)}"
    verb = "撤|放弃|保留|取消|退出|不|留用"
    alone = rf"(?:^|(?<=[{edge}{marks}])|(?<=撤回|放弃|保留|取消|撤销|退出))"
    told = rf"(?=$|[{edge}]|qc|小组|班组|团队|项目|的?(?:申报|材料))"
    listed = rf"(?<=[、和及与]){re.escape(name)}(?={verb})"
    return re.sub(rf"{alone}{re.escape(name)}{told}|{listed}", mark, text)
