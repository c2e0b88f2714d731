"""Sixty mails of twenty companies, as one season brings them, for tests of the whole service.

They come in pairs: an application, then something smaller. One application in four
is faulty and put right later, some companies send a story afterwards; between them
come machines' answers, duplicates and questions without papers.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import printed
from letters import MAILBOX, letter

FIRST = datetime(2026, 7, 10, 1, 0, tzinfo=UTC)  #: arrival of the first mail
COMPANIES = tuple(
    f"{place}{trade}有限公司"
    for place, trade in zip(
        (
            *("岳麓", "洞庭", "资水", "沅江", "澧水", "衡山", "苏仙岭", "崀山", "雪峰", "武陵源"),
            *("橘洲", "洣水", "舂陵", "浏阳河", "韶峰", "汨罗", "桃花源", "大围山", "炎陵", "凤凰"),
        ),
        (
            *("轴承", "铸造", "电机", "水泵", "阀门", "液压件", "齿轮", "锅炉", "起重机械", "钻机"),
            *("农机", "压缩机", "变压器", "电缆", "仪表", "焊接材料", "模具", "刀具", "风机", "矿山设备"),
        ),
        strict=True,
    )
)  # fmt: skip
FAULTY = range(0, len(COMPANIES), 4)  #: whose first application lacks something
STORIES = range(1, len(COMPANIES), 4)  #: who send a story later


def mails() -> list[tuple[datetime, bytes]]:
    """All sixty with their times of arrival, in order."""
    applications = [*range(len(COMPANIES)), *FAULTY, *STORIES]
    made: list[tuple[datetime, bytes]] = []
    for number, company in enumerate(applications):
        arrived = FIRST + timedelta(minutes=10 * number)
        again = number >= len(COMPANIES)
        first = _mail(number, company, _papers(company, again=again), arrived)
        later = arrived + timedelta(minutes=5)
        made += [(arrived, first), (later, _after(number, company, first, later))]
    return made


def _papers(company: int, *, again: bool) -> dict[str, bytes]:
    """What a company sends the first time and, where there is one, the second time."""
    name = COMPANIES[company]
    team = {"company": name, "team_name": f"{name[:2]}一班"}
    if again and company in STORIES:
        return {"附件四 推荐表.docx": printed.story_form(company=name)}
    if again:
        return {"附件二 成果表.docx": printed.team_form(**team)}
    faults = {"mobile": "1390000", "postcode": ""} if company in FAULTY else {}
    return {
        "附件二 成果表.docx": printed.team_form(**team, **faults),
        "附件三 汇总表.docx": printed.rollup({"company": name, "group_name": team["team_name"]}),
        "附件五 工作总结.docx": printed.summary(company=name),
        "附件六 统计表.docx": printed.statistics(company=name),
    }


def _mail(
    number: int, company: int, papers: dict[str, bytes], arrived: datetime, **headers: str
) -> bytes:
    raw = letter(
        papers,
        arrived=arrived,
        sender=f"zl{company}@applicant.example",
        message_id=f"<{number}.{len(papers)}@applicant.example>",
        **headers,
    )
    boundary = raw.partition(b'boundary="')[2].partition(b'"')[0]
    return raw.replace(boundary, b"=-=%d=-=" % number) if boundary else raw


def _after(number: int, company: int, first: bytes, arrived: datetime) -> bytes:
    """The smaller mail behind an application: a machine's, the same once more, or a question."""
    if number % 3 == 0:
        return _mail(number, company, {}, arrived, Auto_Submitted="auto-replied")
    if number % 3 == 1:  # another way through the servers, the same message
        return b"X-Forwarded-For: %s\r\n%s" % (MAILBOX.encode(), first)
    return _mail(number, company, {}, arrived)
