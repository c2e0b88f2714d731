"""docs/campaigns.md: what the page tells staff to write is a campaign that runs."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest
from command import Done, Program
from letters import letter

from mailbot.catalogue import read_campaign, shipped_campaigns
from mailbot.demo.drawing import draw
from parsers.spec import FieldSpec, FormSpec, Model, SectionSpec, TableSpec
from parsers.values.wordcount import count_words
from rules.model import Severity
from rules.notice.campaign import (
    Campaign,
    Category,
    Contact,
    Deadline,
    Demand,
    Fee,
    Fees,
    Mailbox,
    Payee,
    Quota,
    SpecialCell,
    StaffNote,
    Tier,
)
from rules.notice.regions import Regions
from rules.notice.retention import Retention
from rules.notice.rulebase import Place, RuleBase
from rules.notice.settings import Rule

PAGE = Path(__file__).parent.parent / "docs" / "campaigns.md"
FORM = {
    "group_name": "磨削先锋QC小组",
    "company": "湘江重工装备有限公司",
    "project_type": "问题解决型",
    "contact": "周志远",
    "mobile": "13900000001",
    "email": "zhou@xiangjiang.example",
    "member_count": "8",
    "group_intro": "小组围绕磨削工序的圆度超差开展活动，一次合格率由百分之九十二提高到百分之九十八。",
}
REPORT = {
    "background": "课题背景：圆度超差占返工的一半以上。",
    "causes": "原因分析：砂轮修整周期过长，中心架磨损。",
    "measures": "改进措施：缩短修整周期，更换中心架并每周点检。",
    "effect": "活动效果：返工率下降一半，效果已巩固三个月。",
}
IN_TIME = "2027-05-31T23:59:59"


class Office:
    """A folder set up as the page says, and the program called in it."""

    def __init__(self, folder: Path, mailbot: Program) -> None:
        self.folder = folder
        self.mailbot = mailbot
        page = PAGE.read_text(encoding="utf-8")
        blocks = re.findall(r"^```toml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
        (settings,) = re.findall(r"^```\n(\[campaigns\]\n.*?)^```", page, re.DOTALL | re.MULTILINE)
        mine = folder / "campaigns" / "xingcheng-2027"
        mine.mkdir(parents=True)
        (mine / "campaign.toml").write_text("\n".join(blocks), encoding="utf-8")
        self.campaign: Campaign = read_campaign(mine)
        for part in ("new", "cur", "tmp"):
            (folder / "in" / part).mkdir(parents=True)
        (folder / "config.toml").write_text(
            f'[[mailbox]]\nurl = "maildir:in"\naddress = "{self.campaign.mailboxes[0].address}"\n'
            f'[outgoing]\nurl = "maildir:out"\nfrom = "{self.campaign.mailboxes[0].address}"\n'
            + settings,
            encoding="utf-8",
        )

    def __call__(self, *arguments: object) -> Done:
        return self.mailbot("--config", self.folder / "config.toml", *arguments)

    def mail(self, *, report: bool = True, title: str = "", **changes: str) -> Path:
        """A mail with the form, and the report where it is wanted."""
        forms = {form.kind: form for form in self.campaign.forms}
        files = {"附件一.docx": draw(forms["qc_form"], {**FORM, **changes}, title=title)}
        if report:
            files["成果报告.docx"] = draw(forms["qc_report"], REPORT)
        raw = letter(
            files,
            arrived=datetime(2027, 5, 20, 1, tzinfo=UTC),
            to=self.campaign.mailboxes[0].address,
            subject="质量管理小组申报",
        )
        path = self.folder / "1.eml"
        path.write_bytes(raw)
        return path

    def judged(self, mail: Path, at: str = IN_TIME) -> tuple[str, set[str], str]:
        """Decision, codes that stand in the way, and the text of the reply."""
        (found,) = self("judge", mail, "--received-at", at, "--json").json["mails"]
        assert found["campaign"] == self.campaign.id
        findings = [*found["findings"], *(f for item in found["items"] for f in item["findings"])]
        codes = {f["code"] for f in findings if f["severity"] in ("human", "ask", "reject")}
        return found["decision"], codes, found["reply"]["text"]


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    """Everything of the page, written down."""
    return Office(tmp_path, Program(capsys))


def test_the_campaign_of_the_page_has_no_mistakes(office: Office) -> None:
    """As the page tells to check it; and it is the only one that is enabled."""
    checked = office("campaigns", "check", office.folder / "campaigns" / "xingcheng-2027")
    listed = office("campaigns", "list", "--json").json

    assert (checked.code, "没有错误" in checked.out) == (0, True)
    assert [entry["id"] for entry in listed] == ["xingcheng-2027"]


def test_the_page_of_the_campaign_can_be_held_against_the_notice(office: Office) -> None:
    """Every fact of the invented notice stands on it."""
    shown = office("campaigns", "show", "xingcheng-2027").out
    facts = ("2027-05-31", "xcqc@example.org", "300", "6200000000000000", "小组名称", "课题背景",
             "逾期不予受理", "发票怎样开具")  # fmt: skip

    assert [fact for fact in facts if fact not in shown] == []


def test_a_mail_becomes_a_record_and_a_receipt(office: Office) -> None:
    """Through the whole program: register, number, fee, reply."""
    taken = office("import", office.mail(), "--received-at", IN_TIME)
    office("run", "--once")
    (item,) = office("list", "--json").json
    (reply,) = office("outbox", "list", "--json").json

    assert taken.code == 0, taken.err
    assert (item["campaign"], item["receipt"]) == ("xingcheng-2027", "XC2027-0001")
    assert (item["company"], item["name"]) == (FORM["company"], FORM["group_name"])
    assert (reply["state"], "XC2027-0001" in reply["subject"]) == ("sent", True)
    assert all(word in reply["text"] for word in ("300", "6200000000000000", "评审费"))


def test_everything_is_asked_for_at_once(office: Office) -> None:
    """An empty field, a long text and a missing document, each by its clause."""
    mail = office.mail(report=False, mobile="", group_intro="圆" * 301)
    decision, codes, text = office.judged(mail)

    assert decision == "supplement"
    assert codes == {"field.empty", "text.too_long", "document.missing"}
    assert all(word in text for word in ("手机", "300", "成果报告"))


def test_the_last_second_is_in_time_and_the_next_is_not(office: Office) -> None:
    """“5 月 31 日前” counts the day, in the zone of the campaign."""
    mail = office.mail()
    late = office.judged(mail, "2027-06-01T00:00:00")

    assert office.judged(mail)[0] == "accepted"
    assert late[:2] == ("declined", {"deadline.passed"})
    assert "逾期不予受理" in late[2]


def test_last_year_s_form_is_recognised_as_such(office: Office) -> None:
    """The family of the title tells."""
    mail = office.mail(title="星城市机械工业2026年度质量管理小组成果表")

    assert "form.wrong_campaign" in office.judged(mail)[1]


def test_the_categories_of_the_page_are_those_of_the_shipped_campaigns() -> None:
    """All of them, and no other; one's own may add more."""
    text = PAGE.read_text(encoding="utf-8")
    (line,) = re.findall(r"类别编号：(.*?)。", text, re.DOTALL)
    known = {entry.id for shipped in shipped_campaigns().values() for entry in shipped.categories}

    assert set(re.findall(r"`([a-z_]+)`", line)) == known


#: Headings of the first appendix and the models whose keys stand under them.
TABLES: dict[str, type[Model]] = {
    "抬头": Campaign,
    "`[contact]`": Contact,
    "`[[mailbox]]`": Mailbox,
    "`[[tier]]`": Tier,
    "`[[tier.deadlines]]`": Deadline,
    "`[[category]]`": Category,
    "`[[document]]`": Demand,
    "`[fees]`": Fees,
    "`[fees.payee]`": Payee,
    "`[[fees.amounts]]`": Fee,
    "`[[quota]]`": Quota,
    "`special`": SpecialCell,
    "`[regions]`": Regions,
    "`[retention]`": Retention,
    "`[[staff_note]]`": StaffNote,
    "`[[form]]`": FormSpec,
    "`fields`": FieldSpec,
    "`[[form.tables]]`": TableSpec,
    "`sections`": SectionSpec,
    "一处栏目": Place,
}
KINDS = {
    model.model_fields["check"].annotation.__args__[0]: model  # type: ignore[union-attr]
    for model in get_args(get_args(Rule)[0])
}
BY_PROGRAM = {"version", "tables"}


def part(heading: str) -> str:
    """The text under a heading, up to the next of its level."""
    text = PAGE.read_text(encoding="utf-8")
    level = re.match("#+", heading)
    assert level
    found = re.search(
        rf"^{re.escape(heading)}$(.*?)(?=^#{{2,{len(level[0])}}} |\Z)",
        text,
        re.DOTALL | re.MULTILINE,
    )
    assert found, heading
    return found[1]


def rows(text: str) -> list[list[str]]:
    """The cells of the tables in it, without heads and rules."""
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line] for line in lines if line[0].strip() != "`check`"]


def words(cell: str) -> set[str]:
    """What stands in code marks, without quotes."""
    inline = re.sub(r"^```.*?^```", "", cell, flags=re.DOTALL | re.MULTILINE)
    return {word.strip('"') for word in re.findall(r"`([^`]+)`", inline)}


def choices(model: type[Model]) -> set[str]:
    """Every word a value of this model may be chosen from, severities aside."""
    found: set[str] = set()
    for name, entry in model.model_fields.items():
        if name == "check" or entry.annotation is Severity:
            continue
        if isinstance(entry.annotation, type) and issubclass(entry.annotation, StrEnum):
            found |= {value.value for value in entry.annotation}
        elif get_origin(entry.annotation) is Literal:
            found |= set(get_args(entry.annotation))
    return found


@pytest.mark.parametrize("heading", TABLES)
def test_every_key_of_the_schema_is_explained(heading: str) -> None:
    """Under the table it stands in; and no other."""
    model, text = TABLES[heading], part(f"### {heading}")
    explained = {key for row in rows(text) for key in words(row[0])}
    keys = {entry.alias or name for name, entry in model.model_fields.items()}
    keys -= BY_PROGRAM if model is Campaign else set()
    required = {e.alias or n for n, e in model.model_fields.items() if e.is_required()}
    demanded = {key for row in rows(text) if row[2] == "必填" for key in words(row[0])}

    assert explained == keys
    assert demanded == required


@pytest.mark.parametrize("heading", TABLES)
def test_every_word_to_choose_from_is_explained(heading: str) -> None:
    """Beside its key, or in the list behind the table."""
    text = part(f"### {heading}") + part("## 七、申报表")

    assert choices(TABLES[heading]) - words(text) == set()


@pytest.mark.parametrize("check", sorted(KINDS))
def test_every_kind_of_rule_is_explained_with_its_keys(check: str) -> None:
    """The required ones in bold, each word of its values, and nothing that is none."""
    found = [row for row in rows(part("## 附录二、全部的审查规则")) if words(row[0]) == {check}]
    assert len(found) == 1, check
    cell, model = found[0][2], KINDS[check]
    own = {name: e for name, e in model.model_fields.items() if name not in RuleBase.model_fields}
    del own["check"]
    bold = words("".join(re.findall(r"\*\*[^*]+\*\*", cell)))

    assert set(own) <= words(cell)
    assert bold == {name for name, entry in own.items() if entry.is_required()}
    assert choices(model) <= words(cell)


def test_no_rule_is_explained_that_there_is_not() -> None:
    """And what all rules have is said once."""
    text = part("## 附录二、全部的审查规则")
    told = {check for row in rows(text) for check in words(row[0])}

    assert told == set(KINDS)
    assert set(RuleBase.model_fields) <= words(text.split("###", maxsplit=1)[0])


def test_the_examples_of_the_appendix_are_read(tmp_path: Path) -> None:
    """Whoever copies one has a campaign without mistakes."""
    page = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"^```toml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    shown = part("## 附录一、全部的键") + part("## 附录四、各种版式怎样写")
    code = re.findall(r"^```\n(.*?)^```", shown, re.DOTALL | re.MULTILINE)
    tables = [block for block in code if block.startswith("[[")]
    fields = [block for block in code if block.startswith("{")]
    head = next(block for block in code if block.startswith("rows = "))
    (csv,) = [block for block in code if block.startswith("region,")]
    forms = [
        f'[[form]]\nkind = "example"\ntitle = "例一"\n{head}',
        f'[[form]]\nkind = "other"\ntitle = "例二"\nfields = [\n{"".join(fields)}]',
        '[[form]]\nkind = "commitment"\ntitle = "承诺书"\nlayout = "text"',
    ]
    (tmp_path / "campaign.toml").write_text("\n".join([*blocks, *tables, *forms]), encoding="utf-8")
    (tmp_path / "quota.csv").write_text(csv, encoding="utf-8")

    assert len(read_campaign(tmp_path).forms) == 7
    assert (len(tables), len(fields)) == (5, 3)


@pytest.mark.parametrize(
    ("sentence", "characters"), re.findall(r"“([^“”]+)”共 (\d+) 字", PAGE.read_text("utf-8"))
)
def test_the_page_counts_as_the_program_does(sentence: str, characters: str) -> None:
    """What it says of 字 is what is counted."""
    assert count_words(sentence) == int(characters)
