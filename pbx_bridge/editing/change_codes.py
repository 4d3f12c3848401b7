"""What was done, for each change of a company that can be taken back; and by that, who may take it back.

What a company's people may do themselves is an `OwnChangeCode`: they may take it back, whoever did it, the
operator too. What the house decides for a company is a `HouseChangeCode`: the company sees it among its last
changes, and only the office takes it back. A new one has to be one of the two, else it cannot be recorded.
"""

from __future__ import annotations

from enum import StrEnum


class OwnChangeCode(StrEnum):
    """The company's own."""

    ABSENCE_SAVED = "absence_saved"
    APPOINTMENT_ADDED = "appointment_added"
    APPOINTMENT_SAVED = "appointment_saved"
    APPOINTMENT_DELETED = "appointment_deleted"
    AWAY_LEFT = "away_left"
    AWAY_BACK = "away_back"
    CALLER_BLOCKED = "caller_blocked"
    CALLER_RELEASED = "caller_released"
    CALENDAR_SAVED = "calendar_saved"
    COMPANY_SAVED = "company_saved"
    EMPLOYEE_ADDED = "employee_added"
    EMPLOYEE_SAVED = "employee_saved"
    EMPLOYEE_DELETED = "employee_deleted"
    EMPLOYEES_IMPORTED = "employees_imported"
    FAQ_ADDED = "faq_added"
    FAQ_SAVED = "faq_saved"
    FAQ_DELETED = "faq_deleted"
    FAQ_MOVED = "faq_moved"
    TEXT_BLOCK_ADDED = "text_block_added"
    TEXT_BLOCK_SAVED = "text_block_saved"
    TEXT_BLOCK_DELETED = "text_block_deleted"
    TEXT_BLOCK_MOVED = "text_block_moved"
    SUBACCOUNT_INVITED = "subaccount_invited"
    VIP_ADDED = "vip_added"
    VIP_SAVED = "vip_saved"
    VIP_DELETED = "vip_deleted"
    VIPS_IMPORTED = "vips_imported"


class HouseChangeCode(StrEnum):
    """The house's, for a company."""

    NOTE_FIELD_ADDED = "note_field_added"
    NOTE_FIELD_SAVED = "note_field_saved"
    NOTE_FIELD_MOVED = "note_field_moved"
    NOTE_FIELD_RETIRED = "note_field_retired"
    NOTE_FIELD_BACK = "note_field_back"
    NOBODY_FREE_SAVED = "nobody_free_saved"
