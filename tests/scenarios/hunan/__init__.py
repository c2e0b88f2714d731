"""Scenes of hunan-2026: companies apply for themselves."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import printed
from letters import team_papers

from scenarios.stage import Scene, Stage

CAMPAIGN = "hunan-2026"
MAILBOX = "hnjxzlgl@163.com"
BEIJING = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, 7, day, hour, minute, tzinfo=BEIJING)


def complete_team(stage: Stage) -> None:
    """Everything in one mail: accepted with a number."""
    stage.mail(team_papers(), at(10))


def summary_comes_later(stage: Stage) -> None:
    """The summary is asked for, mailed as an answer, and nothing else is asked again."""
    papers = team_papers()
    papers.pop("附件五 工作总结.docx")
    first = stage.mail(papers, at(10))
    stage.mail({"附件五 工作总结.docx": printed.summary()}, at(11), subject="补正", answers=first)


SCENES: tuple[Scene, ...] = (complete_team, summary_comes_later)
