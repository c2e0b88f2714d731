"""The texts that go with the Henan forms of 2020, and the notice they came with."""

from __future__ import annotations

from papers import Paper

from corpus.sample import Sample

NOTICE = Paper(
    (
        "豫质协字〔2020〕12号",
        "关于召开 2020 年河南省质量管理小组",
        "技术成果和质量信得过班组建设典型经验交流会的",
        "通 知",
        "各省辖市，济源示范区，各省直管县（市）总工会、团委、妇女联合会：",
        "现将有关事宜通知如下。",
        "一、活动主题",
        "扎根基层、落实标准、创新赋能",
        "- 附件：1. 2020 年河南省质量管理小组技术成果和质量信得过班组建设典型经验推荐要求",
        "3. 2020 年河南省质量管理小组技术成果申报表",
        "6. 2020年河南省质量信得过班组建设典型经验申报表",
        "2020年6月3日",
    )
)

_QC = (
    ("basics", "一、基本情况"),
    ("overall", "全市一年来注册小组215个，整体情况良好，重点创新工作有序推进，覆盖装备、食品、茶业等行业。"),
    ("publication", "五月召开技术成果交流会，42个小组报名，20个小组上台交流。"),
    ("practice", "二、推进经验和做法"),
    ("measures", "各县区工信部门采取了以赛促学的特色做法，效果明显。"),
    ("standards", "组织宣贯《质量管理小组活动准则》六场，培训骨干430人。"),
    ("deeds", "淮河精密机械有限公司的小组连续攻关，突出事迹被多家企业学习。"),
    ("problems", "三、存在的问题及改进方向"),
    ("difficulties", "部分小企业骨干不足，活动中存在困难。"),
    ("direction", "今后将扩大培训范围，拟组织县区巡回辅导。"),
    ("support", "建议省质量协会多派专家到县区指导。"),
)  # fmt: skip
_TEAM = (
    ("basics", "一、基本情况"),
    ("overall", "全市18家企业64个班组参加，活动开展情况良好，年度重点工作是标准普及。"),
    ("publication", "五月与小组合开经验交流会，8个班组上台交流。"),
    ("practice", "二、推进经验和做法"),
    ("measures", "采取班组结对等措施，效果明显。"),
    ("deeds", "装配一班的突出事迹在全市推广。"),
    ("problems", "三、存在问题及改进方向"),
    ("difficulties", "评价人员少是主要困难。"),
    ("direction", "未来将培养评价骨干。"),
    ("support", "建议增加标准宣讲。"),
)
_CREW = (
    ("members", "一、班组概况", "班组成员组成合理，现有14人，负责主轴箱总装，班组愿景是零缺陷。"),
    ("management", "二、班组基础管理", "班前会、点检表和交接班记录齐全。"),
    ("skills", "三、专业知识与技能培训", "全年组织技能培训 12 次，人人会用排列图。"),
    ("improvement", "四、质量改进和创新能力", "完成改进提案 36 条。"),
    ("results", "五、管理特色与业绩", "连续三年评价为优秀。"),
    ("honours", "六、荣誉", "近三年获公司先进班组。"),
)
_LONG = "小组按照准则的步骤逐项开展活动，现场测量了三百二十台主轴箱，记录完整，数据可以追溯。"


def texts(campaign: str) -> list[Sample]:
    """Whole, with parts missing, and without a title."""

    def text(kind: str, name: str, lines: tuple[str, ...], sections: frozenset[str] = frozenset(),
             file: str = "申报材料", **values: str) -> Sample:  # fmt: skip
        return Sample(
            campaign=campaign, kind=kind, name=name, papers=(Paper(lines),), sections=sections,
            sheet=False, file=file, values=values,
        )  # fmt: skip

    unit = "信阳市工业和信息化局"
    head = f"推荐单位（公章） {unit}"
    qc_all, team_all, crew_all = (frozenset(e[0] for e in part) for part in (_QC, _TEAM, _CREW))
    qc_lines = tuple(line for _, line in _QC)
    third = {"problems", "difficulties", "direction", "support"}
    crew_lines = tuple(line for _, *lines in _CREW for line in lines)
    without = tuple(line for key, *lines in _CREW if key != "skills" for line in lines)
    return [
        text("summary_qc", "whole", ("附件 4", "2020 年质量管理小组活动总结", head, *qc_lines), qc_all,
             recommender=unit),
        text("summary_qc", "without the third part",
             ("信阳市2020年质量管理小组活动工作总结", *(line for key, line in _QC if key not in third)),
             qc_all - third),
        text("summary_qc", "without a title", qc_lines, qc_all, file="2020年QC小组活动总结"),
        text("summary_team", "whole",
             ("附件 7", "2020 年推进质量信得过班组建设活动总结", *(line for _, line in _TEAM)), team_all),
        text("summary_team", "without deeds and exchange",
             ("信阳市2020年质量信得过班组建设活动总结",
              *(line for key, line in _TEAM if key not in ("deeds", "publication"))),
             team_all - {"deeds", "publication"}),
        text("summary_team", "without a title", tuple(line for _, line in _TEAM), team_all,
             file="信得过班组建设活动总结"),
        text("team_text", "six points", ("质量信得过班组创建材料", "装配一班", *crew_lines), crew_all),
        text("team_text", "one point left out", ("质量信得过班组创建材料", *without), crew_all - {"skills"}),
        text("team_text", "without a title", crew_lines, crew_all, file="装配一班班组创建材料"),
        text("qc_report", "titled", ("小组成果报告", "降低主轴箱噪声不合格率", *[_LONG] * 4)),
        text("qc_report", "without a title", ("降低主轴箱噪声不合格率", *[_LONG] * 4), file="淮河浪花成果报告"),
        text("activity_records", "titled", ("小组活动记录", "第一次活动：选择课题。", *[_LONG] * 4)),
        text("activity_records", "without a title", ("第一次活动：选择课题。", *[_LONG] * 4),
             file="淮河浪花小组活动记录"),
        text("recommender_opinion", "titled",
             ("质量信得过班组推荐意见", "经现场评价，装配一班各项活动记录清晰、完整，符合要求，水平真实，同意推荐。")),
        text("recommender_opinion", "without a title",
             ("信阳市工业和信息化局：", *["经现场评价，装配一班各项记录清晰、完整，水平真实，同意推荐。"] * 5), file="装配一班推荐意见"),
        text("change_note", "titled", ("变更说明", "因企业更名，原申报表中的企业名称改为淮河精密机械有限公司，其余内容不变，特此说明。")),
        text("change_note", "without a title",
             ("河南省质量协会：", *["因企业更名，原申报表中的企业名称改为淮河精密机械有限公司，其余内容不变，特此说明。"] * 4),
             file="申报材料变更说明"),
    ]  # fmt: skip
