"""Who answers for whom: teams, who is in them, which agents are bound to secrecy, what they speak, and a
company's team and language.

Teams and agents belong to no company, so what changes them writes in a transaction of its own; everybody who
keeps agents in memory is told, and the PBX with them. A change of a team, and of who answers for a company,
can be undone by the house, and by nobody else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from pbx_bridge.editing import house, queues
from pbx_bridge.editing.change import Change, Editor
from pbx_bridge.editing.values import Rejected, W
from pbx_bridge.errors import NotFoundError
from pbx_bridge.storage.access import access_log, agents
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.access.account_changes import By
from pbx_bridge.storage.access.accounts import Account
from pbx_bridge.storage.customers import data_version, teams
from pbx_bridge.storage.customers.teams import CompanyOfTeam
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.editing import teams as written
from pbx_bridge.storage.undo import house_undo
from pbx_bridge.storage.undo.house_undo import HouseReach
from rules.fault import Fault
from rules.model import Answering
from rules.office.typed_teams import answering_texts, read_answering, read_team_name

SHOWN = 5
"""Companies that are named when a team is still in use."""


@dataclass(frozen=True, slots=True)
class TeamSaved:
    """`step` undoes it; "": nothing is different."""

    id: str
    step: str


@dataclass(frozen=True, slots=True)
class TeamDeleted:
    """`users`: companies that it answers for; then nothing was deleted. `step` undoes it."""

    users: tuple[CompanyOfTeam, ...] = ()
    step: str = ""


@dataclass(frozen=True, slots=True)
class AnsweringSaved:
    """`step` undoes it; "": it was so already."""

    answering: Answering
    step: str = ""


async def save_team(
    conn: AsyncConnection,
    team_id: str | None,
    values: Callable[[str, frozenset[str]], W],
    members: Callable[[W], Collection[str]],
    editor: Editor,
) -> TeamSaved | Rejected[W]:
    """A new team (None), or another name and other members. `values`: what is wanted, over the name and the
    members (ids of agents) that are stored. Raises NotFoundError for a team that is gone."""
    there = {one.id: one for one in await teams.listed(conn)}
    stored = there.pop(team_id, None) if team_id else None
    if team_id and stored is None:
        raise NotFoundError
    before = stored.members if stored else frozenset[str]()
    wanted = values(stored.name if stored else "", before)
    name = read_team_name(wanted.values["name"], [one.name for one in there.values()])
    if isinstance(name, Fault) or not wanted.ready:
        return Rejected(wanted, (name,) if isinstance(name, Fault) else ())
    agents_now = frozenset(members(wanted))
    if stored is not None and (stored.name, before) == (name, agents_now):
        return TeamSaved(stored.id, "")
    known = team_id or new_id()
    reach = HouseReach(teams=[known])
    async with house_undo.recorded(conn, editor.account_id, "team_saved", editor.now, reach) as step:
        if stored is None:
            if not await written.insert(conn, known, name):
                return Rejected(wanted, (Fault("name", "team_name_taken", {"name": name}),))
        elif stored.name != name:
            await written.rename(conn, known, name)
        await written.set_members(conn, known, agents_now)
        told = _told(stored.name if stored else "–", name, before, agents_now)
        await house.note(conn, editor, step, AccessEvent.TEAM_SAVED, told)
    await data_version.touch(conn, None, editor.now)
    return TeamSaved(known, step.id)


def _told(old: str, new: str, before: Collection[str], after: Collection[str]) -> str:
    """ "Team Nord · +2 −1": how many came and went."""
    came, went = len({*after} - {*before}), len({*before} - {*after})
    moved = " ".join((*([f"+{came}"] if came else ()), *([f"−{went}"] if went else ())))
    named = new if old == new else f"{old} > {new}"
    return f"{named} · {moved}" if moved else named


async def delete_team(conn: AsyncConnection, team_id: str, editor: Editor) -> TeamDeleted:
    """Nobody is in it any more; of its agents nothing else changes. Companies that it answers for keep it.
    Raises NotFoundError."""
    name = (await teams.names(conn)).get(team_id)
    if name is None:
        raise NotFoundError
    users = await teams.companies(conn, team_id, SHOWN)
    if users:
        return TeamDeleted(users)
    reach = HouseReach(teams=[team_id])
    async with house_undo.recorded(conn, editor.account_id, "team_deleted", editor.now, reach) as step:
        await written.delete(conn, team_id)
        await house.note(conn, editor, step, AccessEvent.TEAM_DELETED, name)
    await data_version.touch(conn, None, editor.now)
    return TeamDeleted(step=step.id)


async def save_agent(
    conn: AsyncConnection,
    account: Account,
    by: By,
    *,
    bound: bool,
    of_teams: Collection[str],
    languages: Collection[str],
) -> bool:
    """Whether the agent with this account is bound to secrecy, in which teams, and in which languages callers
    are answered (`read_languages`). Who binds whom stands in the access log. False: it was so already. Raises
    NotFoundError."""
    agent = await agents.by_account(conn, account.id)
    if agent is None:
        raise NotFoundError
    bound_now = await agents.bind(conn, agent.id, bound=bound)
    if bound_now:
        event = AccessEvent.BOUND if bound else AccessEvent.UNBOUND
        await access_log.write(conn, event, account, by.now, by.where, by.login)
    others = agent.teams != frozenset(of_teams)
    if others:
        await written.set_teams(conn, agent.id, of_teams)
        names = await teams.names(conn)
        told = [
            ", ".join(name for one, name in names.items() if one in some) or "–"
            for some in (agent.teams, of_teams)
        ]
        event, detail = AccessEvent.AGENT_TEAMS, " > ".join(told)
        await access_log.write(conn, event, account, by.now, by.where, by.login, detail)
    spoken = await agents.set_languages(conn, agent.id, languages)
    if spoken:
        event, detail = AccessEvent.AGENT_LANGUAGES, " > ".join(map(_codes, (agent.languages, languages)))
        await access_log.write(conn, event, account, by.now, by.where, by.login, detail)
    if bound_now or others or spoken:
        await data_version.touch(conn, None, by.now)
    return bound_now or others or spoken


async def save_answering(
    change: Change, values: Callable[[Mapping[str, str]], W]
) -> AnsweringSaved | Rejected[W]:
    """Which team answers for the company, and in which language. `values`: the texts wanted, over those
    stored.

    The PBX has a limited number of queues; who would need one too many is refused with `queues_full`.
    """
    customer = await change.customer()
    wanted = values(answering_texts(customer.answering))
    read = read_answering(wanted.values, tuple(await teams.names(change.conn)))
    faults = read if isinstance(read, tuple) else ()
    if isinstance(read, Answering) and read != customer.answering:
        faults = await queue_faults(change, "team", read, bound=customer.confidential)
    if faults or isinstance(read, tuple) or not wanted.ready:
        return Rejected(wanted, faults)
    if read == customer.answering:
        return AnsweringSaved(read)
    event, who = AccessEvent.ANSWERING_CHANGED, change.editor
    languages = dict.fromkeys((customer.answering.language, read.language))
    told = " · ".join((customer.name, *([" > ".join(languages)] if len(languages) > 1 else ())))
    reach = HouseReach(answering=[customer.id])
    async with house_undo.recorded(change.conn, who.account_id, event.value, change.now, reach) as step:
        await written.set_answering(change.conn, change.customer_id, read)
        await house.note(change.conn, who, step, event, told)
    change.code, change.logged = "answering_saved", True
    return AnsweringSaved(read, step.id)


async def queue_faults(change: Change, field: str, answering: Answering, *, bound: bool) -> tuple[Fault, ...]:
    """Whether the PBX has no queue left for who would answer then; said at this field."""
    full = await queues.are_full(change.conn, change.customer_id, answering, change.now, bound=bound)
    return (Fault(field, "queues_full"),) if full else ()


def _codes(languages: Collection[str]) -> str:
    return ", ".join(sorted(languages))
