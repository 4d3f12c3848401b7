"""Seats in the numbered queues: what the PBX has, what it should have, and the actions between both."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from pbx_bridge.ami.actions import Action, QueueAdd, QueuePause, QueueRemove, Response
from rules.calls.answering import is_ours

Seat = tuple[str, str]
"""Queue, and the phone that is in it."""


@dataclass(frozen=True, slots=True)
class QueuesOfPbx:
    """What QueueStatus says of our queues. `there`: their names; `seats`: whether each pauses; `everybody`:
    the same of the queue of all, by phone."""

    there: frozenset[str] = frozenset()
    seats: Mapping[Seat, bool] = field(default_factory=dict)
    everybody: Mapping[str, bool] = field(default_factory=dict)


def read_status(answer: Response, base: str) -> QueuesOfPbx:
    """From the lines of a QueueStatus of all queues; those that are not ours are left out."""
    there, seats = set[str](), dict[Seat, bool]()
    for frame in answer.events:
        queue = frame.get("Queue")
        if not is_ours(base, queue):
            continue
        if frame.name == "QueueParams":
            there.add(queue)
        elif frame.name == "QueueMember":
            seats[queue, frame.get("Location") or frame.get("Interface")] = frame.get("Paused") == "1"
    everybody = {phone: paused for (queue, phone), paused in seats.items() if queue == base}
    others = {seat: paused for seat, paused in seats.items() if seat[0] != base}
    return QueuesOfPbx(frozenset(there), others, everybody)


def differences(
    found: QueuesOfPbx, wanted: Mapping[str, Collection[str]], names: Mapping[str, str]
) -> Iterator[Action]:
    """What makes the seats as they should be. `wanted`: queue → phones that may be rung there; who is not
    signed in has no seat, and who pauses pauses everywhere. `names`: of the people, by phone.

    First away with whoever may not be there: nobody is offered a call too many while others come.
    """
    for queue, phone in sorted(found.seats):
        if phone not in wanted.get(queue, ()) or phone not in found.everybody:
            yield QueueRemove(queue, phone)
    for queue in sorted(found.there & wanted.keys()):
        for phone in sorted(set(wanted[queue]) & found.everybody.keys()):
            pauses, has = found.everybody[phone], found.seats.get((queue, phone))
            if has is None:
                yield QueueAdd(queue, phone, names.get(phone, ""), state_interface=phone, paused=pauses)
            elif has != pauses:
                yield QueuePause(phone, paused=pauses, queue=queue)
