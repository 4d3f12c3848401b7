"""What can change at a company so that agents hear of it."""

from __future__ import annotations

from enum import StrEnum


class NewsKind(StrEnum):
    """What changed; its facts: `name` of a person, `text` of an absence, `question` of an entry."""

    GREETING = "greeting"
    INSTRUCTION = "instruction"
    INSTRUCTION_GONE = "instruction_gone"
    EMPLOYEE_NEW = "employee_new"
    EMPLOYEE_GONE = "employee_gone"
    AWAY = "away"
    AWAY_GONE = "away_gone"
    INFO = "info"
    INFO_GONE = "info_gone"
    FAQ_NEW = "faq_new"
    FAQ_CHANGED = "faq_changed"
    FAQ_GONE = "faq_gone"
