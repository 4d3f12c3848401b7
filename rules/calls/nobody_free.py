"""What happens to a caller now: waits for an agent, or else; and the same in the words of the dial plan.

The dial plan decides without us, by the clock on the wall of the company (docker/asterisk/
secretariat_nobody.conf). So does this rule: an hour that the clock has twice counts twice, and what is in one
that it leaves out never comes. A test holds both together.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from rules.fields.nobody_free import Ending, NobodyFree, Outside
from rules.model import Customer
from rules.text.holidays import is_free
from rules.text.working_hours import Week, WorkingHours

ANNOUNCED_AHEAD = timedelta(days=400)
"""Holidays that the PBX is told: it goes on for a year without us."""
ENOUGH_AHEAD = timedelta(days=90)
"""Holidays that it has to know in any case: those that are farther away it is told when they are nearer."""
PLAN_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_SAID = 800
"""Letters that the manager surely takes in one line, beside the rest."""
NEVER = "never"
"""Hours without any."""
SOUND = re.compile(r"[0-9A-Za-z_-]{1,60}")
"""Names of announcements: the dial plan takes no other letters."""


NOTED = "_noted"
"""What the name of a sound ends with that says: your call back is noted. It belongs to the one without."""


class NextStep(StrEnum):
    """`WAIT`: in the queue; the others as in `Ending`."""

    WAIT = "wait"
    HANG_UP = "hang_up"
    BUSY = "busy"
    ANNOUNCEMENT = "announcement"
    MESSAGE = "message"


class StepReason(StrEnum):
    """`OPEN`: within the hours, and the time to wait is not over; `LATE`: it is; `CLOSED`: outside the hours;
    `HOLIDAY`: on a day that is free."""

    OPEN = "open"
    LATE = "late"
    CLOSED = "closed"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class CallerStep:
    """What is done, and why. `left`: seconds that the caller still waits at most, 0 for who does not."""

    step: NextStep
    why: StepReason
    left: int = 0


def holds_for(customer: Customer | None, house: NobodyFree, zone: str) -> tuple[NobodyFree, str]:
    """What comes for callers of a company, and on which clock. `house`, `zone`: where it has nothing of its
    own."""
    own = customer.nobody_free if customer else None
    return own or house, customer.zone if customer else zone


def caller_step(policy: NobodyFree, zone: str, now: datetime, waited: int = 0) -> CallerStep:
    """`zone`: IANA name, of the company; `now`: aware; `waited`: seconds in the queue so far, 0 for a call
    that has just arrived. Whoever waits when the hours end is still served."""
    if waited >= policy.after:
        return CallerStep(NextStep(policy.ending.value), StepReason.LATE)
    if not waited and (why := _closed(policy, now.astimezone(ZoneInfo(zone)))):
        return CallerStep(NextStep(policy.outside.value), why)
    return CallerStep(NextStep.WAIT, StepReason.OPEN, policy.after - waited)


def takes_messages(policy: NobodyFree) -> bool:
    """Whether anybody may ever hear the tone after which one speaks."""
    outside = policy.hours is not None and policy.outside is Outside.MESSAGE
    return outside or policy.ending is Ending.MESSAGE


def keeps_files(policy: NobodyFree) -> bool:
    """Whether the dial plan writes down what callers say or wish, so that its folder has to be there."""
    return takes_messages(policy) or bool(policy.call_back)


def in_plan(policy: NobodyFree, zone: str, today: date) -> str:
    """The words of the dial plan: `<after>,<ending>,<outside>,<sound>,<zone>,<hours>,<holidays>,<call
    back>,<music>` with a `|` for each comma, as the manager splits at commas; no hours: at any time. The last
    two only where there are such: else nothing is different from before.

    Hours are `mon-fri_08:00-16:59~…` with the last minute of each span; holidays `20261225~…`, the nearest
    ones, as many as one line has room for.
    """
    said, more = _beside_holidays(policy, zone)
    days = _free(policy.hours, today, ANNOUNCED_AHEAD) if policy.hours else []
    told = days[: max(0, _room(said, more))]
    return "|".join((said, "~".join(f"{day:%Y%m%d}" for day in told), *((more,) if more else ())))


def fits_in_plan(policy: NobodyFree, zone: str, today: date) -> bool:
    """Whether the PBX takes the hours with all holidays of the time `ENOUGH_AHEAD`."""
    if policy.hours is None:
        return True
    return _room(*_beside_holidays(policy, zone)) >= len(_free(policy.hours, today, ENOUGH_AHEAD))


def _beside_holidays(policy: NobodyFree, zone: str) -> tuple[str, str]:
    """What stands before them, and behind."""
    hours = policy.hours
    spans = ("~".join(_spans(hours.week)) or NEVER) if hours else ""
    said = [str(policy.after), policy.ending, policy.outside, policy.announcement, zone, spans]
    return "|".join(said), "|".join((policy.call_back, policy.music)).rstrip("|")


def _room(said: str, more: str) -> int:
    """For so many holidays, with a mark between each two; below nothing: the hours alone are too long."""
    left = LONGEST_SAID - len(f"{said}|") - (len(f"|{more}") if more else 0)
    return (left + 1) // len("20261225~") if left >= 0 else -1


def _closed(policy: NobodyFree, wall: datetime) -> StepReason | None:
    """`wall`: on the company's clock."""
    hours = policy.hours
    if hours is None:
        return None
    if is_free(wall.date(), hours.state, hours.own):
        return StepReason.HOLIDAY
    minute = wall.hour * 60 + wall.minute
    there = any(start <= minute < end for start, end in hours.week[wall.weekday()])
    return None if there else StepReason.CLOSED


def _spans(week: Week) -> Iterator[str]:
    """Days alike together, as far as they follow each other."""
    for spans, days in itertools.groupby(range(7), key=lambda day: week[day]):
        alike = [PLAN_DAYS[day] for day in days]
        named = alike[0] if len(alike) == 1 else f"{alike[0]}-{alike[-1]}"
        for start, end in spans:
            yield f"{named}_{_clock(start)}-{_clock(end - 1)}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _free(hours: WorkingHours, today: date, until: timedelta) -> list[date]:
    days = (today + timedelta(days=ahead) for ahead in range(until.days + 1))
    return [day for day in days if is_free(day, hours.state, hours.own)]
