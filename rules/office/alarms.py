"""When the operator is told by mail that something needs a person: once a cause until it is over, again while
it lasts, and that it is over; what comes together is told together, and never in a flood.

Three steps, of which the caller takes one after the other: `noticed` says of each alarm that is on whether
its cause is still there, `news_of` what is to be told now, and `after_telling` what is so once that is out.
Whoever could not tell anything leaves out the third, and the next round says the same again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rules.office.needs import Concern, Sighting

SYSTEMS = frozenset({Concern.PBX, Concern.STORAGE, Concern.VOICE, Concern.MAIL, Concern.SMS})
"""What the secretariat depends on. One that comes and goes is in trouble as long as it does."""
CAUSES = (
    *(Concern.PBX, Concern.STORAGE, Concern.VOICE, Concern.UNTOLD, Concern.UNNOTED),
    *(Concern.MAIL, Concern.SMS, Concern.FAILED, Concern.UNCERTAIN, Concern.OVERDUE),
)
"""Of what an alarm tells, in this order: nobody looks at a page at night."""
CALM = timedelta(minutes=5)
"""For so long a cause must have been away before anybody is told that it is over."""
GAP = timedelta(minutes=10)
"""Between two messages, whatever happens meanwhile: what has come together by then is told in one."""


@dataclass(frozen=True, slots=True)
class AlarmTerms:
    """From which age on is told: `after` of messages and notes, `trouble_after` of systems. `remind_after`:
    how often it is told again while it lasts, None: never."""

    after: timedelta
    trouble_after: timedelta
    remind_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """A cause of which somebody was told. `since`: of the oldest matter then; `told_at`: the last time;
    `gone_at`: since when it has not been found any more, None: it is there (all aware)."""

    cause: Concern
    since: datetime
    told_at: datetime
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AlarmNews:
    """What one message tells: causes that are `new`, `still` there after long, and `over`."""

    new: tuple[Sighting, ...] = ()
    still: tuple[Sighting, ...] = ()
    over: tuple[Alarm, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.still or self.over)


Found = Mapping[Concern, Sighting]
"""Causes that were looked for; of one that is missing here nobody knows, as the database was away."""


def noticed(alarms: Iterable[Alarm], found: Found, now: datetime, terms: AlarmTerms) -> tuple[Alarm, ...]:
    """The alarms that are on, each with whether its cause is still there."""
    return tuple(_noticed(alarm, found.get(alarm.cause), now, terms) for alarm in alarms)


def news_of(
    alarms: Iterable[Alarm], found: Found, now: datetime, last: datetime | None, terms: AlarmTerms
) -> AlarmNews:
    """What is to be told now. `alarms`: as `noticed` has them; `last`: when anything was told, None:
    never."""
    if last is not None and timedelta() <= now - last < GAP:
        return AlarmNews()
    on = {alarm.cause: alarm for alarm in alarms}
    aged = [found[cause] for cause in CAUSES if cause in found and _is_aged(found[cause], now, terms)]
    return AlarmNews(
        tuple(one for one in aged if one.concern not in on),
        tuple(one for one in aged if one.concern in on and _is_due_again(on[one.concern], now, terms)),
        tuple(on[cause] for cause in CAUSES if cause in on and cause in found and _is_over(on[cause], now)),
    )


def after_telling(alarms: Iterable[Alarm], news: AlarmNews, now: datetime) -> tuple[Alarm, ...]:
    """The alarms that are on, once this is out."""
    over = {alarm.cause for alarm in news.over}
    again = {one.concern for one in news.still}
    left = (alarm for alarm in alarms if alarm.cause not in over)
    told = (replace(alarm, told_at=now) if alarm.cause in again else alarm for alarm in left)
    return (*told, *(Alarm(one.concern, one.since or now, now) for one in news.new))


def by_cause(found: Iterable[Sighting]) -> Found:
    """Those of the sightings of which alarms tell."""
    return dict(_of_causes(found))


def _of_causes(found: Iterable[Sighting]) -> Iterator[tuple[Concern, Sighting]]:
    for one in found:
        if one.concern in CAUSES:
            yield one.concern, one


def _noticed(alarm: Alarm, seen: Sighting | None, now: datetime, terms: AlarmTerms) -> Alarm:
    if seen is None:
        return alarm
    if _is_there(seen, now, terms):
        return replace(alarm, gone_at=None)
    # A clock that was put back would have it gone in the future, and over only then.
    gone_at = now if alarm.gone_at is None else min(alarm.gone_at, now)
    return replace(alarm, gone_at=gone_at)


def _is_there(seen: Sighting, now: datetime, terms: AlarmTerms) -> bool:
    """A message that has just failed is none of those of which somebody was told; a system that is down again
    is the same one."""
    return bool(seen.count) if seen.concern in SYSTEMS else _is_aged(seen, now, terms)


def _is_aged(seen: Sighting, now: datetime, terms: AlarmTerms) -> bool:
    limit = terms.trouble_after if seen.concern in SYSTEMS else terms.after
    return bool(seen.count) and (seen.since is None or now - seen.since >= limit)


def _is_due_again(alarm: Alarm, now: datetime, terms: AlarmTerms) -> bool:
    return terms.remind_after is not None and now - alarm.told_at >= terms.remind_after


def _is_over(alarm: Alarm, now: datetime) -> bool:
    return alarm.gone_at is not None and now - alarm.gone_at >= CALM
