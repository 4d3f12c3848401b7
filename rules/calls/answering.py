"""Who is offered a company's calls, and in which of the PBX's queues they wait therefore.

A **group** is all agents who may be offered the same calls. A company's calls are offered to one group at
first, and to a bigger one when its overflow time has passed. The group of everybody is the queue that every
agent is in; each other group that a company needs has a numbered queue of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.decision import Refused
from rules.model import Agent, Customer

QUEUES = 40
"""So many numbered queues the PBX has (docker/asterisk/queues.conf)."""
QUIET_FOR = timedelta(hours=1)
"""A queue that nobody needs gets another group only then: longer than any caller waits in it."""
SHORTEST, LONGEST = 5, 240
"""Seconds until the overflow; the PBX lets callers wait for five minutes."""


@dataclass(frozen=True, slots=True)
class Group:
    """Agents of one of these `teams` (ids; none: of all), `bound`: and only who is bound to secrecy."""

    teams: frozenset[str] = frozenset()
    bound: bool = False

    @property
    def key(self) -> str:
        """By this it is stored: "203:" and the ids of its teams."""
        return f"{'203' if self.bound else ''}:{'+'.join(sorted(self.teams))}"


EVERYBODY = Group()


@dataclass(frozen=True, slots=True)
class Plan:
    """`then`: the group that is offered the call `after` seconds; None: no other one, ever."""

    first: Group
    after: int | None = None
    then: Group | None = None

    @property
    def groups(self) -> tuple[Group, ...]:
        """All that may be offered the call sooner or later."""
        return (self.first,) if self.then is None else (self.first, self.then)


def group_of(key: str) -> Group:
    """What `Group.key` has made."""
    bound, _, teams = key.partition(":")
    return Group(frozenset(filter(None, teams.split("+"))), bound == "203")


def plan(customer: Customer | None) -> Plan:
    """Whose calls nobody knows are everybody's. Overflow adds to the company's team and takes nobody away;
    secrecy (`confidential`) holds for both."""
    if customer is None:
        return Plan(EVERYBODY)
    answering, bound = customer.answering, customer.confidential
    if answering.team is None:
        return Plan(Group(bound=bound))
    first = Group(frozenset({answering.team}), bound)
    if answering.overflow_after is None or answering.overflow_team == answering.team:
        return Plan(first)
    wider = first.teams | {answering.overflow_team} if answering.overflow_team else frozenset[str]()
    return Plan(first, answering.overflow_after, Group(wider, bound))


def belongs(agent: Agent, group: Group) -> bool:
    """Whether this agent is one of the group."""
    return (agent.bound or not group.bound) and (not group.teams or not group.teams.isdisjoint(agent.teams))


def may_answer(agent: Agent | None, customer: Customer | None) -> bool:
    """Whether this agent may ever be offered this company's calls, and so may see and pick its callers."""
    return agent is not None and any(belongs(agent, group) for group in plan(customer).groups)


def may_take_over(agent: Agent | None, customer: Customer | None) -> Refused | None:
    """Whether a colleague may be asked about a call, or given it. Teams say who is rung, and hinder nobody
    whom an agent asks; secrecy does."""
    if customer is not None and customer.confidential and not (agent and agent.bound):
        return Refused("colleague_not_bound")
    return None


def queue_name(base: str, number: int) -> str:
    """As the PBX knows the numbered queues beside that of everybody: "sec-3"."""
    return f"{base}-{number}"


def is_numbered(base: str, name: str) -> bool:
    """Whether this is one of the numbered queues."""
    number = name.removeprefix(f"{base}-")
    return number != name and number.isdecimal()


@dataclass(frozen=True, slots=True)
class NumberedQueue:
    """`unused_since`: when it turned out that no company needs its group any more; None: one does."""

    number: int
    group: Group
    unused_since: datetime | None = None


def needed(customers: Iterable[Customer]) -> frozenset[Group]:
    """The groups that need a queue of their own."""
    return frozenset(group for one in customers for group in plan(one).groups) - {EVERYBODY}


def assign(
    stored: Collection[NumberedQueue], wanted: Collection[Group], now: datetime, queues: int = QUEUES
) -> tuple[tuple[NumberedQueue, ...], frozenset[Group]]:
    """All queues as they are from now on, by number, and the groups for which none was left.

    A group keeps its queue. A queue gets another group only when nobody can wait in it any more.
    """
    kept = {
        one.number: NumberedQueue(
            one.number, one.group, None if one.group in wanted else one.unused_since or now
        )
        for one in stored
    }
    served = {one.group for one in kept.values()}
    quiet = sorted(
        (one for one in kept.values() if one.unused_since and now - one.unused_since >= QUIET_FOR),
        key=lambda one: (one.unused_since or now, one.number),
    )
    free = [number for number in range(1, queues + 1) if number not in kept] + [one.number for one in quiet]
    waiting = sorted(set(wanted) - served, key=lambda group: group.key)
    for number, group in zip(free, waiting, strict=False):
        kept[number] = NumberedQueue(number, group)
    return tuple(kept[number] for number in sorted(kept)), frozenset(waiting[len(free) :])
