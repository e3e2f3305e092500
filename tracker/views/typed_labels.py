"""What the fields are called that people write in, by the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracker.forms.issues import PLACES
from tracker.translations import lazy as _l
from tracker.views import typed_figures
from tracker.views.typed_fields import APPRAISAL_FORMS, ISSUE_FORMS, LADDER_FORMS, SHOWN_FORMS, VALUE_FORM

TASK_FIELDS = {
    "due_on": _l("新时限"),
    "quantity": _l("完成数量"),
    "progress": _l("形象进度（%）"),
    "no_evidence_reason": _l("暂无佐证的原因"),
    "wanted_on": _l("申请延至"),
    "shortened_to": _l("缩短至"),
    "since": _l("自何日起"),
    "expected_on": _l("预计完成"),
    "rows": _l("节点"),
    "name": _l("节点名称"),
    "planned_on": _l("计划日期"),
    "taken_on": _l("拍摄日期"),
    "caption": _l("照片说明"),
    "done_on": _l("完成日期"),
    "seats": _l("学位"),
    "classes": _l("班数"),
    "handed_on": _l("交付日期"),
    "note": _l("说明"),
    "school": _l("学校"),
    "amount": _l("数量"),
    "from_on": _l("最早自何日起算"),
    "reason": _l("理由"),
    "work_state": _l("目前进展"),
    "opinion": _l("批复意见"),
    "text": _l("做了什么、下一步、卡在哪里"),
    "leader_name": _l("批示领导"),
    "demand": _l("督办要求"),
    "instruction": _l("批示内容"),
    "answer": _l("答复内容"),
}
LADDER_FIELDS = {
    "days_before": _l("时限前提醒（天）"),
    "day_after": _l("逾期后第几天提醒"),
    "repeat_every": _l("此后每隔几天提醒"),
    "head_after": _l("逾期满几天报单位负责人"),
    "decide_after": _l("逾期满几天提请领导决定"),
    "sends_at": _l("每日汇总发送时间"),
    "leaders_at": _l("领导周览邮件发送时间"),
    "first_on": _l("开始日期"),
    "last_on": _l("结束日期"),
    "note": _l("事由"),
}
ISSUE_FIELDS = {"sentence": _l("一句话")} | {
    f"ask_{place}": _l("请领导决定（%(place)d）", place=place) for place in PLACES
}
VALUE_FIELDS = {
    "number": _l("数值"),
    "on": _l("哪一天的情况"),
    "source": _l("数据来源"),
    "note": _l("说明"),
}
# What the forms on the page of a building project call otherwise than those of a task.
PROJECT_FIELDS = {
    "money.add": {
        "amount": _l("金额（万元）"),
        "on": _l("到位或支付日期"),
        "payee": _l("收款单位"),
        "for_year": _l("计划年度"),
        "note": _l("备注"),
    },
    "project_facts.keep": {
        "owner": _l("建设单位"),
        "contractor": _l("施工单位"),
        "supervisor": _l("监理单位"),
        "contract_yuan": _l("合同金额（万元）"),
        "contract_from": _l("合同开工日期"),
        "contract_until": _l("合同竣工日期"),
    },
    "project_facts.move_site": {"site": _l("现在的位置"), "town": _l("乡镇"), "reason": _l("理由")},
}
APPRAISAL_FIELDS = {"objection": _l("异议内容"), "opinion": _l("答复意见")}
PROJECT_FIGURES = {
    "site": _l("位置"),
    "town": _l("乡镇"),
    "land_mu": _l("用地（亩）"),
    "floor_area_m2": _l("校舍面积（㎡）"),
    "sports_area_m2": _l("运动场地（㎡）"),
    "budget": _l("投资金额（万元）"),
}
SHOWN_FIELDS = {
    "title": _l("标题"),
    "code": _l("编号"),
    "issued_on": _l("发文日期"),
    "starts_on": _l("实施起"),
    "ends_on": _l("实施止"),
    "target_on": _l("目标期限（日期）"),
    "number": _l("编号"),
    "section": _l("所属部分"),
    "document_number": _l("文号"),
    "issuer": _l("发文单位"),
    "target_text": _l("目标期限（原文）"),
    "requirement": _l("要求"),
    "deadline": _l("时限（照方案原文）"),
    "lead": _l("牵头单位"),
    "responsible": _l("责任单位"),
    "cooperating": _l("配合单位"),
    "officials": _l("责任领导"),
    "indicators": _l("对应指标"),
    "no_indicator": _l("不对应指标的原因"),
    "evidence": _l("要交的佐证"),
    "rows": _l("任务行"),
    "names": _l("节点名称"),
    "reason": _l("理由"),
    "text": _l("催办内容"),
    "name": _l("名称"),
    "full_name": _l("全称"),
    "mailbox": _l("单位邮箱"),
    "aliases": _l("别名"),
    "town": _l("所在乡镇"),
    "explained": _l("变化原因"),
    "group": _l("类别"),
    "grade": _l("等级"),
    "points": _l("分值"),
    "parts": _l("要求（逐条评的填，空行不计）"),
    "vetoes": _l("一票否决事项，每行一项"),
    "addressee": _l("主送"),
    "reported_to": _l("报"),
    "sent_to": _l("送"),
    "issued_to": _l("发"),
    "opening": _l("开头"),
    "overall": _l("总体情况"),
    "progress": _l("本期进展"),
    "decisions": _l("需要领导决定"),
    "problems": _l("存在问题"),
    "demands": _l("下步要求"),
    "pasted": _l("粘贴的文字"),
    "pieces": _l("拆成的各项"),
    "other_deadlines": _l("其他时限"),
    "project": _l("项目规模"),
    "units": _l("单位名称"),
}


def labels_of(act: str, values: Mapping[str, str]) -> dict[str, str]:
    """What the fields of a form are called, in the order in which they are shown; ``values`` are what was typed."""
    if act in typed_figures.FORMS:
        return typed_figures.labels(values)
    return {name: str(label) for name, label in _table(act).items()}


def _table(act: str) -> Mapping[str, Any]:
    for forms, table in (
        ({VALUE_FORM}, VALUE_FIELDS),
        (ISSUE_FORMS, ISSUE_FIELDS),
        (APPRAISAL_FORMS, APPRAISAL_FIELDS),
        (LADDER_FORMS, LADDER_FIELDS),
        (SHOWN_FORMS, SHOWN_FIELDS),
    ):
        if act in forms:
            return table
    return PROJECT_FIELDS.get(act, TASK_FIELDS)
