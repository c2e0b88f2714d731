"""The design holds: layers, one door per library, documented codes and commands, sizes."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import typer.main

from mailbot.catalogue import shipped_campaigns
from mailbot.cli.root import app
from rules.notice.campaign import Campaign

ROOT = Path(__file__).parent.parent
PACKAGES = ("parsers", "rules", "mailbot", "templates")
MODULES = sorted(
    path.relative_to(ROOT).as_posix() for name in PACKAGES for path in (ROOT / name).rglob("*.py")
)

#: Outside library -> the modules (or packages) that may import it.
DOORS = {
    "alembic": ("mailbot/store/",),
    "apscheduler": ("mailbot/service.py",),
    "cv2": (
        "parsers/scans/boxes.py",
        "parsers/scans/lines.py",
        "parsers/scans/page.py",
        "parsers/scans/seal.py",
    ),
    "defusedxml": ("parsers/",),
    "doc2docx": ("parsers/word/oldword.py",),
    "docx": ("mailbot/reading/marking.py", "mailbot/reports/papertable.py", "mailbot/demo/"),
    "filelock": ("mailbot/lock.py",),
    "imapclient": ("mailbot/sources/session.py",),
    "jinja2": ("mailbot/render.py",),
    "libarchive": ("parsers/containers/packed.py",),
    "lxml": ("parsers/", "mailbot/reading/marking.py", "mailbot/mime/body.py"),
    "mailparser": ("mailbot/mime/message.py", "mailbot/mime/parts.py"),
    "numpy": (
        "parsers/scans/boxes.py",
        "parsers/scans/pictures.py",
        "parsers/scans/recognition.py",
        "parsers/scans/lines.py",
        "parsers/scans/page.py",
        "parsers/scans/seal.py",
        "parsers/scans/spacing.py",
    ),
    "olefile": ("parsers/containers/compound.py",),
    "openpyxl": ("mailbot/reading/marking.py", "mailbot/reports/workbook.py", "mailbot/demo/"),
    "pdfminer": ("parsers/portable/pages.py",),
    "pdfplumber": ("parsers/portable/pages.py",),
    "PIL": ("parsers/scans/pictures.py",),
    "pypdfium2": ("parsers/scans/pictures.py",),
    "rapidocr": ("parsers/scans/recognition.py",),
    "prometheus_client": ("mailbot/watching/monitoring.py",),
    "pydantic": (
        "parsers/spec.py",
        "rules/notice/campaign.py",
        "rules/notice/regions.py",
        "rules/notice/retention.py",
        "rules/notice/settings.py",
        "rules/notice/figuresettings.py",
        "rules/notice/loader.py",
        "rules/notice/complaints.py",
        "mailbot/configuration/config.py",
        "mailbot/configuration/logins.py",
        "rules/notice/rulebase.py",
    ),
    "pydantic_core": ("rules/notice/complaints.py",),
    "python_calamine": ("parsers/",),
    "rapidfuzz": ("parsers/", "rules/"),
    "rich": ("mailbot/cli/", "mailbot/demo/"),
    "smtplib": ("mailbot/sinks/smtp.py",),
    "sqlalchemy": ("mailbot/store/",),
    "structlog": ("mailbot/log.py",),
    "tarfile": ("parsers/containers/tarballs.py",),
    "tenacity": ("mailbot/sources/session.py",),
    "tree_sitter": ("rules/notice/places.py",),
    "tree_sitter_toml": ("rules/notice/places.py",),
    "typer": ("mailbot/cli/",),
    "zipfile": ("mailbot/reading/marking.py", "parsers/", "mailbot/demo/"),
}

#: Families of finding codes (docs/codes.md).
CODE = re.compile(
    r"(deadline|mailbox|document|form|field|text|rollup|members|name|quota|statistics"
    r"|eligibility|fee|mail|sender|change|human|staff|unit|withdrawal|value|notice)\.[a-z_]+"
)
#: Where findings are made; elsewhere such words are names of events or keys.
FINDERS = (
    "parsers/",
    "rules/",
    "mailbot/deciding/decision.py",
    "mailbot/deciding/filing.py",
    "mailbot/reading/reader.py",
    "mailbot/deciding/settling.py",
    "mailbot/deciding/withdrawing.py",
)


def source(module: str) -> str:
    return (ROOT / module).read_text(encoding="utf-8")


def imported(module: str) -> Iterator[str]:
    """The top-level names a module imports."""
    for node in ast.walk(ast.parse(source(module))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def texts(module: str) -> Iterator[str]:
    """The string constants of a module that are no docstrings."""
    tree = ast.parse(source(module))
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in documentation:
            yield node.value


def test_the_layers_import_one_way() -> None:
    """Parsers <- rules <- mailbot."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("library", sorted(DOORS))
def test_each_library_has_one_door(library: str) -> None:
    """Nothing else in the code knows it, so that it can be changed in one place."""
    users = [module for module in MODULES if library in imported(module)]

    assert [module for module in users if not module.startswith(DOORS[library])] == []


def test_nothing_of_the_extra_is_loaded_before_a_picture_comes() -> None:
    """The program runs without it, and the process that reads all else stays small."""
    extra = "{'cv2', 'numpy', 'onnxruntime', 'rapidocr'}"
    code = f"import sys, mailbot.cli.root, mailbot.reading.child, mailbot.equipment; sys.exit(bool({extra} & set(sys.modules)))"  # fmt: skip
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_every_library_that_is_used_is_a_stated_dependency() -> None:
    """A fresh installation would stumble over the others."""
    ours = {"mailbot", "parsers", "rules", "templates"}
    used = {name for module in MODULES for name in imported(module)}
    outside = used - ours - set(sys.stdlib_module_names)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    stated = project["dependencies"] + project["optional-dependencies"]["ocr"]
    names = {re.split(r"[<>=~ ]", entry)[0].lower() for entry in stated}
    sources = packages_distributions()
    missing = {name for name in outside if not {d.lower() for d in sources[name]} & names}

    assert outside <= set(DOORS)
    assert missing - {"pydantic_core"} == set()  # pydantic brings it


@pytest.mark.parametrize("module", MODULES)
def test_a_module_says_what_its_room_is_for(module: str) -> None:
    """A paragraph at the top; no room for odds and ends; a size one can oversee."""
    text = source(module)

    assert ast.get_docstring(ast.parse(text)) or not text.strip()
    assert len(text.splitlines()) <= 400
    assert not re.search(r"(^|[/_])(utils?|helpers?|common|misc|manager)([_.]|$)", module)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_takes_no_way_that_is_closed_here(module: str) -> None:
    """Lossy decoding, blind catching, running what a stranger sent."""
    closed = {
        "lossy decoding": r"errors\s*=\s*[\"']ignore[\"']",
        "bare except": r"except\s*:",
        "pickle": r"pickle\.loads?",
        "shell": r"shell\s*=\s*True",
        "eval": r"(?<![\w.])(eval|exec)\(",
        "left undone": r"\b(TODO|FIXME|XXX)\b|raise NotImplementedError",
    }
    text = source(module)

    assert [name for name, pattern in closed.items() if re.search(pattern, text)] == []


def test_everything_is_caught_in_one_place_only() -> None:
    """Around one mail in the pipeline; a bug of ours elsewhere shows itself."""
    swallowing = [
        module
        for module in MODULES
        for node in ast.walk(ast.parse(source(module)))
        if isinstance(node, ast.ExceptHandler)
        and isinstance(node.type, ast.Name)
        and node.type.id in ("Exception", "BaseException")
        and not any(isinstance(part, ast.Raise) and part.exc is None for part in ast.walk(node))
    ]

    assert swallowing == ["mailbot/pipeline.py"]


#: places of the shipped notices, beside the regions of their quota tables
PLACES = ("湖南", "长沙", "河南", "信阳", "重庆", "山西", "太原")


def facts_of(entry: Campaign) -> set[str]:
    """What only this notice says: titles, issuers, addresses, accounts, days, amounts, regions."""
    contacts = (entry.contact, *(tier.contact for tier in entry.tiers if tier.contact))
    facts = {
        entry.id,
        entry.title,
        entry.name,
        entry.number,
        *entry.issuers,
        *(box.address for box in entry.mailboxes),
        *(text for tier in entry.tiers for text in (tier.receipt_prefix, tier.title, tier.sign)),
        *(text for contact in contacts for text in (contact.name, contact.phone, contact.address)),
        *(
            f"{fee.amount}{blank}元"
            for fee in entry.fees.amounts
            if fee.amount
            for blank in ("", " ")
        ),
    }
    days = {deadline.last_day for tier in entry.tiers for deadline in tier.deadlines}
    for day in {*days, entry.issued_on} - {None}:
        assert day
        facts |= {
            f"{day:%Y-%m-%d}", f"{day.year}年{day.month}月{day.day}日", f"{day.month}月{day.day}日",
            f"date({day.year}, {day.month}, {day.day})",
        }  # fmt: skip
    if entry.fees.payee:
        facts |= {entry.fees.payee.name, entry.fees.payee.account, entry.fees.payee.bank}
    regions = {
        row[quota.region_column]
        for quota in entry.quotas
        for row in entry.tables.get(quota.table, ())
    }
    facts |= {region for region in regions if region.endswith(("市", "区", "公司"))}
    titles = {title for form in entry.forms for title in (form.title, *form.titles)}
    facts |= {title for title in titles if len(title) > 9}  # 成果报告 and the like are words
    return {fact for fact in facts if len(fact) > 3}


def found_in(text: str) -> set[str]:
    """Every fact of a shipped campaign that stands in a text, and every place."""
    facts = {fact for entry in shipped_campaigns().values() for fact in facts_of(entry)}
    return {fact for fact in (*facts, *PLACES) if fact in text}


def test_no_campaign_stands_in_the_code() -> None:
    """Whatever a notice says is data: the program runs a campaign it has never seen.

    The titles of forms are told from those of other provinces, of which all are listed.
    """
    found = {(module, fact) for module in MODULES for fact in found_in(source(module))}
    provinces = {("parsers/forms/titles.py", place) for place in PLACES}

    assert found - provinces == set()


@pytest.mark.parametrize("campaign", sorted(shipped_campaigns()))
def test_a_fact_in_the_code_would_be_found(campaign: str) -> None:
    """A deadline as a date or in words, a form's title, an address, a fee, a place."""
    entry = shipped_campaigns()[campaign]
    day = entry.tiers[0].deadlines[0].last_day
    title = max((form.title for form in entry.forms), key=len)
    slips = [
        f'END = "{day:%Y-%m-%d}"',
        f"END = date({day.year}, {day.month}, {day.day})",
        f'raise Late("{day.month}月{day.day}日已截止")',
        f'if title == "{title}":',
        f'TO = "{entry.mailboxes[0].address}"',
        f'"""As {entry.id} wants it."""',
        *(f'text = "应缴{fee.amount}元"' for fee in entry.fees.amounts if fee.amount),
    ]

    assert [slip for slip in (*slips, 'if region == "长沙市":') if not found_in(slip)] == []


def test_every_finding_code_is_documented() -> None:
    """Whoever meets a code finds out what it means."""
    known = set(
        re.findall(
            r"^\| `([a-z_.]+)` \|", (ROOT / "docs/codes.md").read_text("utf-8"), re.MULTILINE
        )
    )
    used = {
        text
        for module in MODULES
        if module.startswith(FINDERS)
        for text in texts(module)
        if CODE.fullmatch(text)
    }

    assert used
    assert used - known == set()


def commands() -> set[str]:
    """All commands of the program, groups with their members."""
    group = typer.main.get_command(app)
    found = set()
    for name, later in group.commands.items():  # type: ignore[attr-defined]
        members = getattr(later.load(), "commands", {})
        found |= {f"{name} {member}" for member in members} or {name}
    return found


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_every_command_in_the_papers_exists(page: str) -> None:
    """And every command that exists is in the papers."""
    text = (ROOT / page).read_text(encoding="utf-8")
    command = r"(?:\.venv/bin/)?mailbot ((?:--config \S+ )?[a-z][^`\n]*)"
    spans = re.findall(f"`{command}`", text)
    for block in re.findall(r"^ *```\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL):
        spans += re.findall(f"^ *{command}$", block, re.MULTILINE)
    named = {re.sub(r"^--config \S+ ", "", span) for span in spans}
    known = commands()
    unknown = {span for span in named if not any(_is(span, command) for command in known)}
    missing = {command for command in known if not any(_is(span, command) for span in named)}

    assert (unknown, missing) == (set(), set())


def _is(span: str, command: str) -> bool:
    return span == command or span.startswith(f"{command} ")


def test_every_command_explains_itself_with_an_example() -> None:
    """Staff are not programmers."""
    group = typer.main.get_command(app)
    leaves = []
    for later in group.commands.values():  # type: ignore[attr-defined]
        command = later.load()
        leaves += list(getattr(command, "commands", {"": command}).values())

    assert [
        leaf.name for leaf in leaves if not leaf.help or "mailbot" not in (leaf.epilog or "")
    ] == []
