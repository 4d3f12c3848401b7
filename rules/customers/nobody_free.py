"""What a company has for callers when nobody is free: typed texts to a policy, or what is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rules.fault import Fault
from rules.fields import values
from rules.fields.nobody_free import NOBODY_FREE, Ending, NobodyFree
from rules.text.holidays import AS_THE_LAW, HouseDays
from rules.text.working_hours import DAYS, WorkingHours

HOUSE = "house"
"""The box of the form: as the house has it."""


def texts_of(policy: NobodyFree | None, house: NobodyFree, days: Sequence[str] = DAYS) -> dict[str, str]:
    """What the form shows, in its order; who follows the house sees what the house has. `days`: names of
    those of a week."""
    return {HOUSE: "" if policy else "yes", **values.texts_of(NOBODY_FREE, policy or house, days)}


def read_policy(
    texts: Mapping[str, str],
    state: str,
    sounds: Collection[str],
    days: Sequence[str] = (),
    own: HouseDays = AS_THE_LAW,
    music: Collection[str] = (),
) -> NobodyFree | tuple[Fault, ...] | None:
    """The policy, None: as the house has it; or all faults, in the order of the form. `state`: whose holidays
    are free, `own`: what the house says of them; `sounds`: names of the announcements that there are;
    `music`: of the music."""
    if texts[HOUSE]:
        return None
    around = values.Around(days=days)
    typed = {one.name: texts[one.name].strip() for one in NOBODY_FREE}
    faults = [fault for one in NOBODY_FREE for fault in values.faults_of(one, typed[one.name], around)]
    sound = typed["announcement"]
    if sound and sound not in sounds:
        faults.append(Fault("announcement", "announcement_gone", {"name": sound}))
    endings = {typed["ending"], typed["outside"] if typed["hours"] else ""}
    if Ending.ANNOUNCEMENT.value in endings and not sound:
        faults.append(Fault("announcement", "announcement_missing"))
    offers = typed["call_back"]
    if offers and offers not in sounds:
        faults.append(Fault("call_back", "call_back_gone", {"name": offers}))
    if typed["music"] and typed["music"] not in music:
        faults.append(Fault("music", "music_gone", {"name": typed["music"]}))
    if faults:
        return tuple(faults)
    read: dict[str, Any] = {one.name: values.value_of(one, typed[one.name], around) for one in NOBODY_FREE}
    policy = NobodyFree(**read)
    if policy.hours is None:
        return policy
    return replace(policy, hours=WorkingHours(policy.hours.week, state, own))
