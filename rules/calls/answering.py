"""Who is offered a company's calls, and in which of the PBX's queues they wait therefore.

A **group** is all agents who may be offered the same calls. A company's calls are offered to one group at
first, and to a bigger one when its overflow time has passed. The group of everybody is the queue that every
agent is in; each other group that a company needs has a numbered queue of its own. As long as a group is all
who are signed in, the dial plan lets its callers wait with everybody's, and asks its queue only who may ring.

A company's **language** is a mark of its first group and of no other: those who speak it are offered its
calls as long as one of them is signed in, up to its overflow; else, at once, whoever may. So no call is lost,
and secrecy holds for both. A language that all agents speak is no mark: most houses have no such group.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rules.decision import Refused
from rules.model import Agent, Answering, Customer
from rules.vocabulary import SpokenLanguage

QUEUES = 40
"""So many numbered queues the PBX has (docker/asterisk/queues.conf)."""
QUIET_FOR = timedelta(hours=2)
"""A queue that nobody needs gets another group only then: longer than any caller waits in it."""
SHORTEST, LONGEST = 5, 240
"""Seconds until the overflow; the PBX lets callers wait for five minutes."""


@dataclass(frozen=True, slots=True)
class AgentGroup:
    """Agents of one of these `teams` (ids; none: of all), `bound`: and only who is bound to secrecy;
    `language`: and only who speaks it, "": whatever they speak."""

    teams: frozenset[str] = frozenset()
    bound: bool = False
    language: str = ""

    @property
    def key(self) -> str:
        """By this it is stored: "203:", the ids of its teams, and its language after one more colon."""
        spoken = f":{self.language}" if self.language else ""
        return f"{'203' if self.bound else ''}:{'+'.join(sorted(self.teams))}{spoken}"


EVERYBODY = AgentGroup()


@dataclass(frozen=True, slots=True)
class AnsweringPlan:
    """`then`: the group that is offered the call `after` seconds, or at once while nobody of the first one is
    signed in; `after` None: only then. `then` None: no other one, ever."""

    first: AgentGroup
    after: int | None = None
    then: AgentGroup | None = None

    @property
    def groups(self) -> tuple[AgentGroup, ...]:
        """All that may be offered the call sooner or later."""
        return (self.first,) if self.then is None else (self.first, self.then)


def group_of(key: str) -> AgentGroup:
    """What `AgentGroup.key` has made."""
    bound, _, more = key.partition(":")
    teams, _, language = more.partition(":")
    return AgentGroup(frozenset(filter(None, teams.split("+"))), bound == "203", language)


def plan(customer: Customer | None) -> AnsweringPlan:
    """Whose calls nobody knows are everybody's."""
    if customer is None:
        return AnsweringPlan(EVERYBODY)
    return plan_of(customer.answering, bound=customer.confidential)


def plan_of(answering: Answering, *, bound: bool) -> AnsweringPlan:
    """Overflow adds to those of the company's team who speak its language, and takes nobody away; secrecy
    (`bound`) holds for both. Without overflow the others of the team answer while nobody speaks it."""
    teams = frozenset({answering.team} if answering.team else ())
    first = AgentGroup(teams, bound, answering.language)
    if answering.overflow_after is None or (answering.team and answering.overflow_team == answering.team):
        return AnsweringPlan(first, None, AgentGroup(teams, bound))
    wider = teams | {answering.overflow_team} if teams and answering.overflow_team else frozenset[str]()
    return AnsweringPlan(first, answering.overflow_after, AgentGroup(wider, bound))


def spoken_by_all(agents: Iterable[Agent]) -> frozenset[str]:
    """The languages that tell none of these agents from another; of nobody: the first one."""
    each = [agent.languages for agent in agents]
    return frozenset.intersection(*each) if each else frozenset({SpokenLanguage.GERMAN.value})


def simplified(how: AnsweringPlan, common: Collection[str]) -> AnsweringPlan:
    """The same without what makes no difference: a language that all speak (`common`), and an overflow to
    those who are asked already. So the PBX needs no queue for it."""
    first = replace(how.first, language="") if how.first.language in common else how.first
    return AnsweringPlan(first) if how.then in (None, first) else AnsweringPlan(first, how.after, how.then)


def belongs(agent: Agent, group: AgentGroup) -> bool:
    """Whether this agent is one of the group."""
    return (
        (agent.bound or not group.bound)
        and (not group.teams or not group.teams.isdisjoint(agent.teams))
        and (not group.language or group.language in agent.languages)
    )


def lacks_language(how: AnsweringPlan, agents: Collection[Agent]) -> bool:
    """Whether nobody speaks its language of those who are offered its calls first, though there are some."""
    whoever = replace(how.first, language="")
    return any(belongs(one, whoever) for one in agents) and not any(belongs(one, how.first) for one in agents)


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


def is_ours(base: str, name: str) -> bool:
    """Whether this is the queue of everybody or one of the numbered ones."""
    number = name.removeprefix(f"{base}-")
    return name == base or (number != name and number.isdecimal())


@dataclass(frozen=True, slots=True)
class NumberedQueue:
    """`unused_since`: when it turned out that no company needs its group any more; None: one does."""

    number: int
    group: AgentGroup
    unused_since: datetime | None = None


BOUND = AgentGroup(bound=True)
"""Has a queue from the first day on, so that there is one when all others are taken."""


def needed(plans: Iterable[AnsweringPlan]) -> frozenset[AgentGroup]:
    """The groups that need a queue of their own."""
    return frozenset(group for one in plans for group in one.groups) - {EVERYBODY} | {BOUND}


def assign(
    stored: Collection[NumberedQueue], wanted: Collection[AgentGroup], now: datetime, queues: int = QUEUES
) -> tuple[tuple[NumberedQueue, ...], frozenset[AgentGroup]]:
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
