"""The papers around the code: the example configuration, the ranges, the targets."""

import re
import runpy
import tomllib
from pathlib import Path

import pytest

from mailbot.catalogue import shipped_campaigns
from mailbot.cli.root import Commands
from mailbot.cli.setup import template
from mailbot.configuration.config import load
from rules.notice.campaign import Campaign

ROOT = Path(__file__).parent.parent


def test_the_example_configuration_loads() -> None:
    """Nobody should begin with an example that is wrong."""
    config = load(ROOT / "config.example.toml")

    assert config.mailboxes[0].url.scheme == "imaps"
    assert config.outgoing is not None


def test_the_example_is_what_init_writes() -> None:
    """One text, at two places."""
    assert (ROOT / "config.example.toml").read_text(encoding="utf-8") == template()


def test_the_example_names_every_key(tmp_path: Path) -> None:
    """As a setting or as a comment; and every commented setting is right."""
    text = template()
    everything = re.sub(r"^# (\[[a-z.]+\]|[a-z_]+ = .*)$", r"\1", text, flags=re.MULTILINE)
    everything = re.sub(r"^campaigns = .*\n", "", everything, flags=re.MULTILINE)
    everything = re.sub(r"^enabled = .*\n", "", everything, flags=re.MULTILINE)
    everything = everything.replace('ca_file = "secrets/server.pem"\n', "")
    (tmp_path / "config.toml").write_text(everything, encoding="utf-8")
    config = load(tmp_path / "config.toml")
    keys = {
        field.alias or name
        for section in (config, config.mailboxes[0], config.outgoing, config.data, config.database,
                        config.archive, config.campaigns, config.staff, config.limits, config.log,
                        config.alerts, config.metrics)
        for name, field in type(section).model_fields.items()
    }  # fmt: skip

    assert {key for key in keys if not re.search(rf"\b{key}\b", text)} == set()


def test_every_dependency_has_a_range() -> None:
    """What is tested is what is installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    entries = [entry for entry in project["dependencies"] if entry != "tzdata"]
    loose = [entry for entry in entries if "<" not in entry and "==" not in entry]

    assert loose == []


def test_the_targets_of_the_readme_exist() -> None:
    """``make demo``, ``make test`` and the others."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)\b {2,}", (ROOT / "README.md").read_text("utf-8")))

    assert named
    assert named <= targets


def test_no_path_of_a_machine_stands_in_the_project() -> None:
    """It speaks of itself alone."""
    places = ("*.py", "*.md", "*.toml", "*.j2", "Makefile")
    files = [
        file
        for pattern in places
        for file in ROOT.rglob(pattern)
        if not any(part.startswith(".") for part in file.relative_to(ROOT).parts)
    ]
    strange = re.compile(r"/" + r"work/|/home/[a-z]|C:\\Users")

    assert [str(file) for file in files if strange.search(file.read_text(encoding="utf-8"))] == []


def test_the_page_of_keys_is_what_its_program_writes() -> None:
    """Generated from the campaign data; nobody writes in it by hand."""
    page = runpy.run_path(str(ROOT / "docs" / "keys.py"))["page"]()

    assert (ROOT / "docs" / "keys.md").read_text(encoding="utf-8") == page


RULES = runpy.run_path(str(ROOT / "docs" / "rulespage.py"))


def test_the_page_of_rules_is_what_the_notices_and_the_tests_say() -> None:
    """Written anew by ``python docs/rulespage.py``."""
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == RULES["page"]()


@pytest.mark.parametrize("campaign", shipped_campaigns().values(), ids=list(shipped_campaigns()))
def test_every_rule_of_a_notice_is_shown_or_left_to_a_person_for_a_reason(
    campaign: Campaign,
) -> None:
    """Nothing is silently dropped."""
    assert RULES["rows"](campaign)
    assert RULES["unshown"](campaign) == []


@pytest.mark.parametrize("name", ["README.md", "README.zh.md", "docs/campaigns.md"])
def test_every_command_in_the_papers_exists(name: str) -> None:
    """Nobody should be told to call what is not there."""
    text = (ROOT / name).read_text(encoding="utf-8")
    called = re.findall(
        r"(?:`|^ +)mailbot(?: --config \S+)? ([a-z]+)(?: (list|show|check|retry)\b)?",
        text,
        re.MULTILINE,
    )
    commands = {entry.name for entry in Commands.entries}

    assert {command for command, _ in called} >= {"run"}
    assert {command for command, _ in called} - commands == set()


@pytest.mark.parametrize("name", ["README.md", "README.zh.md", "docs/campaigns.md"])
def test_every_page_that_is_pointed_to_exists(name: str) -> None:
    """Links within the project."""
    page = ROOT / name
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []
