"""Conditions of the notice: accidents, dates, earlier awards, service, certificates.

What a notice demands but no form shows is put before staff, never decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from parsers.values.dates import dates_beside
from rules.checks.case import Case
from rules.checks.cells import filled_rows, has_value, in_words, number_of, plain, text_of
from rules.checks.findings import Defect, about_field, about_paper, field_label, place
from rules.checks.rows import columns_of
from rules.notice.figuresettings import CertificateRule
from rules.notice.settings import AccidentRule, HistoryRule, ServiceRule, SinceRule


def accident(rule: AccidentRule, case: Case) -> Iterator[Defect]:
    """Accidents stated on the form. Code ``eligibility.accident``."""
    for paper, form in case.in_force(rule.kind):
        entry = form.get(rule.field)
        figure = number_of(entry)
        if entry is not None and figure is not None and figure > 0:
            label = field_label(case.campaign, form, rule.field)
            yield about_field(
                case,
                paper,
                "eligibility.accident",
                f"{place(case.campaign, paper.kind, entry.where, label)}填写为{plain(figure)}，"
                "是否符合申报条件由工作人员核定。",
                key=rule.field,
                label=entry.label or label,
                where=entry.where,
            )


def since(rule: SinceRule, case: Case) -> Iterator[Defect]:
    """A date within its bounds; the days themselves count. Code ``eligibility.date``."""
    if rule.field is None:
        yield from _since_in_text(rule, case)
        return
    for paper, form in case.in_force(rule.kind):
        entry = form.get(rule.field)
        stated = text_of(entry)
        wrong = _outside(rule, stated)
        if entry is None or not wrong:
            continue
        label = field_label(case.campaign, form, rule.field)
        yield about_field(
            case,
            paper,
            "eligibility.date",
            f"{place(case.campaign, paper.kind, entry.where, label)}为{in_words(stated)}，"
            f"{wrong}，请核对。",
            key=rule.field,
            label=entry.label or label,
            where=entry.where,
        )


def _outside(rule: SinceRule, stated: str) -> str:
    """What is wrong with a date (of a day, a month or a year); "" where it is within."""
    if not stated:
        return ""
    if rule.day and stated < rule.day[: len(stated)]:
        return f"早于通知要求的{in_words(rule.day)}"
    if rule.until and stated > rule.until[: len(stated)]:
        return f"晚于通知要求的{in_words(rule.until)}"
    return ""


def _since_in_text(rule: SinceRule, case: Case) -> Iterator[Defect]:
    """The dates beside the words; a text that names none is for staff to look through."""
    words = "、".join(f"“{word}”" for word in rule.words)
    wanted = "、".join(
        f"{bound}{in_words(day)}"
        for bound, day in (("不早于", rule.day), ("不晚于", rule.until))
        if day
    )
    for paper, form in case.in_force(rule.kind):
        dates = dates_beside(paper.document.text, rule.words)
        wrong = {day: said for day in dates if (said := _outside(rule, day))}
        if dates and not wrong:
            continue
        if wrong:
            faults = "、".join(dict.fromkeys(wrong.values()))
            said = f"写有{'、'.join(map(in_words, wrong))}，{faults}"
        else:
            said = f"中未找到{words}的时间，通知要求{wanted}"
        message = f"{case.campaign.paper_name(paper.kind)}{said}，请核对。"
        yield about_paper(case, paper, "eligibility.date", message, where=form.where)


def history(rule: HistoryRule, case: Case) -> Iterator[Defect]:
    """Earlier awards that staff look up. Code ``eligibility.history``."""
    for item in case.items((rule.category,)):
        yield Defect(
            code="eligibility.history",
            message=f"请核对“{item.name}”近{rule.years}年内是否已获{rule.count}项相应荣誉。",
            item=item.ordinal,
        )


def service(rule: ServiceRule, case: Case) -> Iterator[Defect]:
    """Years of service that staff look up. Code ``eligibility.service``."""
    for item in case.items((rule.category,)):
        yield Defect(
            code="eligibility.service",
            message=f"请核对“{item.name}”从事相应工作是否满{rule.years}年。",
            item=item.ordinal,
        )


def certificate(rule: CertificateRule, case: Case) -> Iterator[Defect]:
    """Reviewers with a certificate number, and enough of them. Code ``eligibility.certificate``."""
    if rule.categories and not any(case.items(rule.categories)):
        return
    for paper, form in case.in_force(rule.rollup):
        reviewers = list(filled_rows(form, rule.table, columns_of(case, rule.rollup, rule.table)))
        label = field_label(case.campaign, form, rule.column, rule.table)
        for row in reviewers:
            entry = row.get(rule.column)
            if has_value(entry):
                continue
            where = (entry.where if entry else "") or row.where
            defect = about_field(
                case,
                paper,
                "eligibility.certificate",
                f"{place(case.campaign, paper.kind, where, label)}未填写，请补充评委的证书编号。",
                key=rule.column,
                label=entry.label if entry and entry.label else label,
                where=where,
            )
            yield replace(defect, categories=rule.categories or defect.categories)
        if len(reviewers) < rule.minimum:
            table = case.campaign.form(rule.rollup)
            lists = table.table(rule.table) if table else None
            title = f"“{lists.titles[0]}”" if lists and lists.titles else ""
            name = f"{case.campaign.paper_name(rule.rollup)}{title}"
            defect = about_paper(
                case,
                paper,
                "eligibility.certificate",
                f"{name}中列有评委{len(reviewers)}名，至少应有{rule.minimum}名，请补充。",
            )
            yield replace(defect, categories=rule.categories or defect.categories)
