"""Mistakes in a TOML file in words for the person who wrote it: line, key, what is expected.

Takes texts and models, gives values; refuses to open files. Used for campaign
files and for the configuration, so the words name neither.
"""

from __future__ import annotations

import codecs
import difflib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from rules.notice.places import Places, syntax_line

ModelType = TypeVar("ModelType", bound=BaseModel)

#: Error type of pydantic -> what is expected; ``{...}`` are the error's own numbers.
_EXPECTED: Mapping[str, str] = {
    "string_type": "应为文字，写在引号内",
    "string_too_short": "不能为空",
    "string_too_long": "最多 {max_length} 个字符",
    "string_pattern_mismatch": "写法不符，{pattern}",
    "int_type": "应为整数，不加引号",
    "int_parsing": "应为整数，不加引号",
    "int_from_float": "应为整数，不带小数",
    "float_type": "应为数字，不加引号",
    "float_parsing": "应为数字，不加引号",
    "bool_type": "应为 true 或 false，不加引号",
    "bool_parsing": "应为 true 或 false，不加引号",
    "list_type": "应为列表，写在方括号 [ ] 内",
    "tuple_type": "应为列表，写在方括号 [ ] 内",
    "dict_type": "应为一个表，含若干“键 = 值”",
    "model_type": "应为一个表，含若干“键 = 值”",
    "model_attributes_type": "应为一个表，含若干“键 = 值”",
    "too_short": "至少应有 {min_length} 项",
    "too_long": "至多 {max_length} 项",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "应不小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "应不大于 {le}",
    "literal_error": "应为以下之一：{expected}",
    "enum": "应为以下之一：{expected}",
    "date_type": "应为日期，如 2026-06-30，不加引号",
    "date_parsing": "应为日期，如 2026-06-30，不加引号",
    "date_from_datetime_parsing": "应为日期，如 2026-06-30，不加引号",
    "time_type": '应为时刻，如 "17:30"，写在引号内',
    "time_parsing": '应为时刻，如 "17:30"，写在引号内',
    "union_tag_invalid": "{discriminator} 应为以下之一：{expected_tags}，现为“{tag}”",
    "union_tag_not_found": "缺少 {discriminator}",
}

#: What a pattern of a model asks for, in words.
_PATTERNS: Mapping[str, str] = {
    r"^[a-z][a-z0-9_]*$": "只用小写半角字母、数字和下划线，以字母开头，如 group_name",
    r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)?$": (
        "只用小写半角字母、数字和下划线，以字母开头，如 qc_form；同一种材料有两张表时如 rollup.qc"
    ),
    r"^[a-z0-9][a-z0-9-]*$": "只用小写半角字母、数字和连字符，如 xingcheng-2027",
    r"^[^@\s]+@[^@\s]+$": "应为邮箱地址，@ 用半角，中间没有空格",
}

#: Error types about a word that is none of those expected -> the error's list of them.
_CHOSEN: Mapping[str, str] = {
    "literal_error": "expected",
    "enum": "expected",
    "union_tag_invalid": "expected_tags",
}

#: These show what was written; the others might show a secret.
_SHOWN = frozenset(
    {"literal_error", "enum", "string_pattern_mismatch", "int_parsing", "date_parsing",
     "time_parsing", "greater_than", "greater_than_equal", "less_than", "less_than_equal"}
)  # fmt: skip

#: Part of the message of tomllib -> the same for a person.
_SYNTAX: tuple[tuple[str, str], ...] = (
    ("Unescaped '\\' in a string", "引号内有反斜杠：Windows 路径请用单引号，如 'D:\\邮件'，或用 /"),
    ("Invalid hex value", "引号内有反斜杠：Windows 路径请用单引号，如 'D:\\邮件'，或用 /"),
    ("Expected '=' after a key", "键的后面应为半角等号 =（请检查是否用了全角标点）"),
    ("Invalid initial character for a key", "键名应由半角字母、数字、下划线组成"),
    ("Invalid statement", "此行不是“键 = 值”，也不是 [表名]；注释请以 # 开头"),
    ("Invalid value", "等号后的值写法有误：文字要加半角引号（不是“ ”）"),
    ("Cannot overwrite a value", "同一个键写了两次"),
    ("Cannot declare", "同一个表写了两次；可以写几段的用双方括号，如 [[rule]]"),
    ("Cannot mutate immutable namespace", "同一个表写了两次；可以写几段的用双方括号，如 [[rule]]"),
    ("Unterminated string", "引号没有成对"),
    ("Unclosed", "括号没有成对"),
    ("Expected ']'", "方括号没有成对"),
    ("Illegal character '\\n'", "引号没有成对"),
    ("Expected newline or end of document", "一行只能写一个“键 = 值”；值的后面有多余内容"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One mistake: where it stands and what is expected there."""

    file: str
    line: int  #: from 1; 0 where the file as a whole is meant
    key: str  #: "mailbox.url"; "" where no key is concerned
    message: str

    def __str__(self) -> str:
        """One line for a person."""
        line = f" 第 {self.line} 行" if self.line else ""
        key = f"，{self.key}" if self.key else ""
        return f"{self.file}{line}{key}：{self.message}"


class Rejected(ValueError):
    """A file that cannot be used; ``complaints`` holds every mistake found."""

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        super().__init__("\n".join(map(str, complaints)))
        self.complaints = tuple(complaints)


def parse(source: bytes, *, file: str) -> dict[str, Any]:
    """The values of a TOML text. Raises Rejected on a wrong encoding or syntax.

    A byte order mark, which some editors leave, is stepped over.
    """
    try:
        return tomllib.loads(source.removeprefix(codecs.BOM_UTF8).decode("utf-8"))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        message = "不是 UTF-8 编码，请用编辑器另存为 UTF-8"
        raise Rejected([Complaint(file=file, line=line, key="", message=message)]) from None
    except tomllib.TOMLDecodeError as error:
        raise Rejected([from_syntax(error, file=file, source=source)]) from None


def validate(
    model: type[ModelType], data: object, *, source: bytes, file: str, context: object = None
) -> ModelType:
    """The model made of ``data``. Raises Rejected with every mistake, in order of lines."""
    try:
        return model.model_validate(data, context=context)
    except ValidationError as error:
        raise Rejected(from_validation(error, model=model, source=source, file=file)) from None


def from_syntax(error: tomllib.TOMLDecodeError, *, file: str, source: bytes = b"") -> Complaint:
    """What is wrong with the writing of a TOML file.

    Something left open is noticed at the end of the document only; the line is
    then the last one that is not blank.
    """
    said = str(error)
    line = syntax_line(error)
    if "(at end of document)" in said:
        line = source.rstrip().count(b"\n") + 1
    written = source.decode("utf-8", "replace").splitlines()[line - 1 : line]
    known = _seen_in(written[0] if written else "")
    known = known or next((words for part, words in _SYNTAX if part in said), "")
    english = re.sub(r" \(at .*\)$", "", said)
    message = f"TOML 写法有误：{known or english}"
    return Complaint(file=file, line=line, key="", message=message)


def _seen_in(line: str) -> str:
    """The commonest slips of those who write TOML for the first time, told by the line itself."""
    bare = re.sub(r'"[^"]*"|\'[^\']*\'|#.*', "", line)
    day = re.search(r"=\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?\s*$", bare)
    if day:
        year, month, number = (int(part) for part in day.groups())
        written = f"{year:04d}-{month:02d}-{number:02d}"
        try:
            date.fromisoformat(written)
        except ValueError:
            return f"没有 {written} 这一天"
        return f"日期应写作 {written}，月、日各两位，不加引号"
    if re.search(r"=\s*\d{1,2}[:：]\d{2}\s*$", bare):
        return '时刻应写在引号内，如 "17:30"'
    wide = [character for character in "“”‘’，：＝［］｛｝＃" if character in bare]
    if wide:
        return f'此行有全角符号 {" ".join(wide)}，请改为半角：引号 "，逗号 ,，等号 =，括号 [ ]'
    return ""


def from_validation(
    error: ValidationError,
    *,
    model: type[BaseModel],
    source: bytes,
    file: str,
    own: Callable[[str], bool] | None = None,
) -> list[Complaint]:
    """Every mistake pydantic found, with its line in ``source``, in order of lines.

    Where the data come from several files, ``own`` tells whether a top-level key is
    this file's; mistakes elsewhere are left out.
    """
    places = Places(source)
    made = []
    for entry in error.errors(include_url=False):
        loc = entry["loc"]
        if own is not None and not own(str(loc[0]) if loc else ""):
            continue
        if entry["type"] == "too_short" and len(entry["input"]) >= entry["ctx"]["min_length"]:
            continue  # only because its entries are wrong, which is said already
        if entry["type"] == "union_tag_invalid":
            loc = (*loc, entry["ctx"]["discriminator"].strip("'"))
        line, found = places.find(loc)
        shown = [*found, loc[-1]] if entry["type"] == "missing" else list(found)
        key = ".".join(step for step in shown if isinstance(step, str))
        message = _message(entry, model)
        made.append(Complaint(file=file, line=line, key=key, message=message))
    return sorted(made, key=lambda entry: entry.line)


def suggestion(word: str, known: Sequence[str]) -> str:
    """，是否想写 X？ or nothing."""
    guess = nearest(word, known)
    return f"，是否想写 {guess}？" if guess else ""


def nearest(word: str, known: Sequence[str]) -> str:
    """The known word most like this one, or ""."""
    return next(iter(difflib.get_close_matches(word, known, n=1, cutoff=0.6)), "")


def _message(entry: ErrorDetails, model: type[BaseModel]) -> str:
    kind, name = entry["type"], str(entry["loc"][-1]) if entry["loc"] else ""
    if kind == "missing":
        return f"缺少必填的 {name}"
    if kind == "extra_forbidden":
        known = sorted(set(_known_keys(model, entry["loc"][:-1])))
        guess = nearest(name, known)
        hint = f"，是否想写 {guess}？" if guess else ""
        listed = "" if guess or not known else f"，此处可用：{'、'.join(known)}"
        return f"不认识的键 {name}{hint}{listed}"
    context = entry.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    expected = _EXPECTED.get(kind)
    if expected is None:
        return f"不合要求（{entry['msg']}）"
    words = {
        key: re.sub(r"', '|' or '", "、", str(value)).strip("'\"") for key, value in context.items()
    }
    if kind == "string_pattern_mismatch":
        words["pattern"] = _PATTERNS.get(context["pattern"], f"应合于 {context['pattern']}")
    wrote = f"，现为“{entry['input']}”" if kind in _SHOWN else ""
    if kind in _CHOSEN:
        written = context.get("tag", entry["input"])
        wrote += suggestion(str(written), words[_CHOSEN[kind]].split("、"))
    return expected.format_map(words) + wrote


def _known_keys(annotation: Any, path: Sequence[str | int]) -> Iterator[str]:
    """The keys that may stand at a place of a model, over unions, lists and tables."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = {entry.alias or name: entry for name, entry in annotation.model_fields.items()}
        if not path:
            yield from fields
        elif path[0] in fields:
            yield from _known_keys(fields[str(path[0])].annotation, path[1:])
        return
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _known_keys(inner[0], path)
    elif origin in (Union, UnionType):
        members = [entry for entry in inner if path and _is_tagged(entry, path[0])]
        for entry in members or inner:
            yield from _known_keys(entry, path[1:] if members else path)
    elif inner and path:
        yield from _known_keys(inner[-1] if origin is dict else inner[0], path[1:])


def _is_tagged(annotation: Any, tag: str | int) -> bool:
    """Is this the member of a discriminated union that a path names by its tag?"""
    if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        return False
    return any(tag in get_args(entry.annotation) for entry in annotation.model_fields.values())
