"""The day of the most calls that a company can have, as rows."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

CALLS_TODAY = 100_000
NOTED = 20_000
BIG, LINE = "big", "+493023125100"


def midnight(now: datetime) -> datetime:
    """When this day began, on the secretariat's clock."""
    return datetime.combine(
        now.astimezone(ZoneInfo("Europe/Berlin")).date(), time(), ZoneInfo("Europe/Berlin")
    )


def moment(at: datetime) -> str:
    """As SQLite has it."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"


def _arrived(number: int, now: datetime) -> datetime:
    """Spread over this day so far."""
    begins = midnight(now)
    return begins + (now - begins) * number / CALLS_TODAY


def call(number: int, now: datetime) -> dict[str, Any]:
    """Nine of ten were answered."""
    at = _arrived(number, now)
    answered = number % 10 > 0
    return {
        "id": f"c{number:06}",
        "pbx_call": f"1.{number}",
        "line_number": LINE,
        "customer_id": BIG,
        "caller_number": f"+4917139200{number % 100:02}",
        "agent_id": ("agent-anna", "agent-ben")[number % 2] if answered else None,
        "arrived_at": moment(at),
        "answered_at": moment(at + timedelta(seconds=number % 40)) if answered else None,
        "ended_at": moment(at + timedelta(minutes=2)),
        "outcome": ("noted" if number < NOTED else "closed") if answered else "abandoned",
        "closed_reason": "other" if answered and number >= NOTED else "",
    }


def note(number: int, now: datetime) -> dict[str, Any]:
    """Of the call with this number."""
    return {
        "id": f"n{number:06}",
        "call_id": f"c{number:06}",
        "customer_id": BIG,
        "agent_id": "agent-anna",
        "caller_name": "Hans Müller",
        "concern": "Bittet um Rückruf. " * 20,
        "fields": "{}",
        "created_at": moment(_arrived(number, now)),
    }


def used(number: int, now: datetime) -> dict[str, Any]:
    """What the call with this number is billed for."""
    at = moment(_arrived(number, now))
    spent = {"talk": 60 + number % 200, "hold": number % 30, "wrap_up": 20}
    return {
        "id": f"call c{number:06}",
        "customer_id": BIG,
        "at": at,
        "kind": "call",
        "call_id": f"c{number:06}",
    } | spent


def notification(number: int, now: datetime) -> dict[str, Any]:
    """Sent, of the note with this number."""
    at = moment(_arrived(number, now))
    return {
        "id": f"m{number:06}",
        "note_id": f"n{number:06}",
        "customer_id": BIG,
        "channel": "email",
        "kind": "note",
        "address": "erika@example.org",
        "cc": "[]",
        "subject": "Anruf",
        "body_text": "Anruf",
        "state": "sent",
        "due_at": at,
        "created_at": at,
        "finished_at": at,
    }
