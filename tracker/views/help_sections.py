"""The sections of the help page, and which of them explains the place where somebody is."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.translations import lazy as _l

SECTIONS = {
    "update": _l("更新进展"),
    "lights": _l("亮灯规则"),
    "tasks": _l("任务台账和任务页"),
    "dealings": _l("签收、延期、批示、催办"),
    "verify": _l("核验和销号"),
    "overview": _l("领导周览"),
    "projects": _l("工程项目"),
    "indicators": _l("指标监测"),
    "plans": _l("计划和单位"),
    "mails": _l("提醒邮件"),
    "accounts": _l("账号和密码"),
    "audit": _l("审计日志"),
    "roles": _l("谁做什么"),
    "contact": _l("找谁"),
}
# Places without a line here open the page at its beginning.
SECTION_OF: Mapping[str, str] = {
    "accounts": "accounts",
    "binder": "indicators",
    "calendar": "mails",
    "checks": "projects",
    "costs": "projects",
    "enrolments": "indicators",
    "county_values": "indicators",
    "events": "audit",
    "drafts": "update",
    "expectations": "update",
    "evidence": "update",
    "extensions": "dealings",
    "gaps": "indicators",
    "forecasts": "indicators",
    "framework_changes": "indicators",
    "frameworks": "indicators",
    "handlers": "dealings",
    "handovers": "projects",
    "holds": "mails",
    "indicators": "indicators",
    "instructions": "dealings",
    "ladders": "mails",
    "ledger": "tasks",
    "links": "indicators",
    "node_lists": "projects",
    "nodes": "projects",
    "money": "projects",
    "outbox": "mails",
    "overview": "overview",
    "password_reset": "accounts",
    "periods": "dealings",
    "photos": "projects",
    "plan_tasks": "plans",
    "plans": "plans",
    "profile": "accounts",
    "project_files": "projects",
    "project_facts": "projects",
    "project_sheets": "projects",
    "projects": "projects",
    "receipts": "dealings",
    "refused_addresses": "mails",
    "reports": "update",
    "robots": "plans",
    "schedules": "projects",
    "school_years": "indicators",
    "schools": "indicators",
    "seats": "projects",
    "school_plans": "indicators",
    "school_sheets": "indicators",
    "self_evaluation": "indicators",
    "sign_in": "accounts",
    "slips": "dealings",
    "tasks": "tasks",
    "unit_sheets": "plans",
    "units": "plans",
    "urges": "dealings",
    "waits": "dealings",
    "work": "update",
}


def section_of(blueprint: str | None) -> str | None:
    """The section that explains a place, None for the beginning of the page."""
    return SECTION_OF.get(blueprint or "")
