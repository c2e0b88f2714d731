"""Rules of a campaign in words for staff: what is looked at, where, and within which bounds.

Names only; what a rule does stands with the rule, its severity and clause in the
campaign's data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from parsers.spec import FormSpec
from rules.notice.campaign import Campaign
from rules.notice.rulebase import RuleBase

#: What each kind of rule looks at.
CHECKS: Mapping[str, str] = {
    "accident": "发生过事故",
    "at_most": "前一数不大于后一数",
    "award": "写明申报哪个奖项",
    "certain": "没有把握读对的内容",
    "certificate": "评委证书",
    "change_note": "改动须附更正说明",
    "choice": "勾选的个数",
    "company_in_front": "名称前写企业全称",
    "contact": "邮件正文写明联系人和电话",
    "count": "统计数与汇总表行数一致",
    "editable": "可编辑的电子文件",
    "fee_due": "告知应缴费用",
    "fee_proof": "缴费凭证",
    "fields": "栏目填写齐全、格式正确",
    "format": "文件格式",
    "full_name": "单位用全称",
    "history": "往年获奖情况",
    "identity": "本年度、本活动的表样",
    "length": "字数",
    "level": "申报途径",
    "mailbox": "寄到指定邮箱",
    "match": "汇总表与申报表一致",
    "members": "人数与名单一致",
    "mixed": "小组与班组分表填写",
    "nominated": "发布人在推荐名单中",
    "once": "只列在一个名单里",
    "one_file": "只有一个附件，文件名写明内容",
    "one_mail": "在同一封邮件中报送",
    "order": "按序排列",
    "outline": "文稿内容齐全",
    "people": "请人工核对",
    "period": "统计期",
    "rates": "百分比在0至100之间",
    "ratio": "等级比例",
    "readable": "文件能够打开",
    "region": "各表的推荐单位就是报送单位",
    "remind": "提醒",
    "repeated": "重复件和更新件",
    "rows": "汇总表与申报表逐项对应",
    "same": "各处名称一致",
    "sender": "他人改动已报材料",
    "service": "任职年限",
    "since": "日期在规定的时间内",
    "slots": "名单多于表上的格子",
    "subset": "分项不大于总项",
    "together": "一组栏目要么都填，要么都不填",
    "total": "合计正确",
    "unit": "数值与计量单位相符",
    "unknown": "认不出的文件",
}

#: What each parameter is called.
PARAMETERS: Mapping[str, str] = {
    "about": "大约字数",
    "above": "大于即可疑",
    "categories": "类别",
    "category": "类别",
    "code": "代码",
    "column": "列",
    "compare": "比较",
    "count": "次数",
    "day": "不早于",
    "exempt_words": "文件名含以下词语的除外",
    "field": "栏目",
    "fields": "栏目",
    "first": "自",
    "formats": "格式",
    "ignored": "首尾有无均可的字",
    "instead": "也可写在",
    "kind": "材料",
    "kinds": "材料",
    "last": "至",
    "likeness": "相同的字占比",
    "leader_counts": "组长计入人数",
    "maximum": "至多",
    "marked": "选项",
    "meant": "可能误作",
    "minimum": "至少",
    "name": "名称",
    "name_column": "名称列",
    "names": "名单",
    "nominee_column": "被推荐人列",
    "nominees": "推荐名单",
    "note": "附注",
    "number": "人数",
    "once": "合成一条",
    "own": "企业自己报送时另比较",
    "pairs": "各组",
    "parts": "分项",
    "percent": "百分之",
    "places": "各处",
    "presenter_column": "发布人列",
    "presenters": "发布人名单",
    "ranges": "检查数值范围",
    "rollup": "汇总表",
    "rollups": "汇总表",
    "table": "名单",
    "tables": "名单",
    "text": "核对什么",
    "tiers": "层级",
    "tolerance": "容差",
    "tolerated": "也可接受的格式",
    "total": "合计栏",
    "until": "不晚于",
    "value": "等级",
    "wanted": "请对方",
    "when": "取决于栏目",
    "whole": "总项",
    "whole_only": "只问整数",
    "words": "词语",
    "years": "年数",
}

_VALUES: Mapping[str, str] = {
    "equal": "完全相同",
    "number": "数值相同",
    "contained": "包含",
    "names": "同样几个人，先后不论",
    "short": "简写",
    "yes": "是",
    "no": "否",
    "either": "均可",
}

#: Parameters whose values are words of their own, not keys or kinds.
_VERBATIM = (
    "text",
    "note",
    "name",
    "meant",
    "words",
    "exempt_words",
    "value",
    "day",
    "wanted",
    "marked",
)
_HEAD = ("id", "check", "severity", "clause")


def title(rule: RuleBase) -> str:
    """字数, 栏目填写齐全、格式正确."""
    check = str(getattr(rule, "check", ""))
    return CHECKS.get(check, check)


def parameters(rule: RuleBase, campaign: Campaign) -> str:
    """What is set for it, one per line; also what is set by default."""
    values = rule.model_dump(mode="json", exclude_none=True, exclude=set(_HEAD))
    values.pop("code", None)  # for programs; the other words say it
    for key in ("once", "whole_only"):  # what is usual goes without saying
        if values.get(key) is False:
            del values[key]
    if values.get("about") is None:
        values.pop("tolerance", None)
    if values.get("compare") != "short":
        values.pop("likeness", None)
    return "\n".join(_told(values, campaign))


def _told(values: Mapping[str, Any], campaign: Campaign) -> Iterator[str]:
    forms = list(_forms(values, campaign))
    for key, value in values.items():
        own = key in _VERBATIM and isinstance(value, str)
        if shown := value if own else _shown(value, forms, campaign):
            yield f"{PARAMETERS.get(key, key)}：{shown}"


def _forms(values: Mapping[str, Any], campaign: Campaign) -> Iterator[FormSpec]:
    """The forms that these values are about; their labels stand for the keys."""
    kinds = [values.get("kind"), values.get("rollup"), *(values.get("kinds") or ())]
    for kind in kinds:
        form = campaign.form(kind) if kind else None
        if form is not None:
            yield form


def _shown(value: object, forms: Sequence[FormSpec], campaign: Campaign) -> str:
    if isinstance(value, dict):
        return _place(value, campaign)
    if isinstance(value, list):
        joint = "；" if any(isinstance(entry, dict | list) for entry in value) else "、"
        return joint.join(_shown(entry, forms, campaign) for entry in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if not isinstance(value, str):
        return str(value)
    return _VALUES.get(value) or _named(value, forms, campaign)


def _place(place: Mapping[str, Any], campaign: Campaign) -> str:
    """附件三《…》的“单位名称”."""
    forms = list(_forms(place, campaign))
    return f"{campaign.paper_name(place['kind'])}的“{_named(place['field'], forms, campaign)}”"


def _named(word: str, forms: Sequence[FormSpec], campaign: Campaign) -> str:
    """The printed label of a field, the name of a paper or category, else the word itself."""
    for form in forms:
        columns = [column for table in form.tables for column in table.columns]
        totals = [table.total for table in form.tables if table.total]
        for entry in (*form.fields, *columns, *totals):
            if entry.key == word:
                return f"{entry.label}（{entry.scope[0]}）" if entry.scope else entry.label
        for table in form.tables:
            if table.key == word:
                return "、".join(table.titles)
    for category in campaign.categories:
        if category.id == word:
            return category.name
    return campaign.paper_name(word) if campaign.form(word) else word
