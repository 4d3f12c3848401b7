"""A busy floor on which calls are rehearsed and then made: agents at their desks, and what is compared."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from pbx_bridge.asterisk.far_end import FarEndCaller
from pbx_bridge.asterisk.locate import AsteriskTree
from pbx_bridge.desk import protocol as p
from pbx_bridge.importing import importer
from pbx_bridge.portal.rehearsal.messages import RehearsedMessage
from pbx_bridge.settings import AmiSettings, CallSettings, SmsSettings, TransferSettings
from pbx_bridge.settings.values import Secret
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import accounts, agents
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.customers import customers, lines
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.notes import notes
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.transfers.dial_rules import ring_rules
from rules.calls.rehearsal import Rehearsal, RehearsalQuestion, Seen, rehearse
from rules.calls.vip import hints
from rules.model import Agent, Customer, Line
from rules.outbox.notification import Notification
from rules.text.dialling import DialRules
from rules.text.phone_numbers import dial_digits
from tests.desk_room import DeskRoom, Tab, opened
from tests.integration import generated_companies as generated
from tests.pbx.room import CALM, Room, open_room
from tests.until import until

AGENTS = tuple(f"anna{number}" for number in range(10))
BUSY_FLOOR = replace(CALM, agent_ring=10, ring=5)
TRANSFERS = TransferSettings()


@dataclass(frozen=True)
class Desk:
    """The agent at whom the call is."""

    tab: Tab
    agent: Agent
    call_id: str
    arrived_at: datetime

    @property
    def call(self) -> p.OpenCall:
        found = self.tab.call(self.call_id)
        assert found is not None, "the call has left the screen"
        return found

    def step(self) -> str | None:
        """How far the put-through is."""
        through = self.call.view.put_through
        return through.step if through else None

    def tried(self) -> list[str]:
        """Who was rung, once the caller is back with the agent; nobody while the put-through runs."""
        view = self.call.view
        return [] if view.put_through else [one.employee_id for one in view.tried]


@dataclass
class Stage:
    """PBX, service and all desks; `free` lets as many call as there are agents."""

    room: Room
    service: DeskRoom
    tabs: dict[str, Tab]
    people: dict[str, Agent]
    customers: dict[str, Customer]
    lines: tuple[Line, ...]
    free: asyncio.Semaphore


@asynccontextmanager
async def talking(
    stage: Stage, call: generated.Call
) -> AsyncIterator[tuple[FarEndCaller, Desk, Rehearsal, Seen]]:
    """An agent talks to this caller, and the screen is the rehearsed one."""
    customer = stage.customers[call.company]
    employee = next(person for person in customer.employees if person.name == call.asked_for)
    diversion = f"<sip:{call.diversion}@phone.example>;reason=unconditional" if call.diversion else ""
    async with stage.free:
        caller = await stage.room.far.call(
            call.line, call.number, withheld=call.withheld, diversion=diversion
        )
        try:
            await until(lambda: _talks(stage, customer), 40, f"{customer.name} talks with an agent")
            desk = _talks(stage, customer)
            assert desk is not None
            rehearsed = rehearsed_call(stage, customer, call, desk, diversion)
            assert screen_of_call(desk.call.pop) == screen_of_rehearsal(rehearsed, customer)
            seen = rehearsed.seen(employee.id)
            assert seen is not None
            yield caller, desk, rehearsed, seen
        finally:
            await stage.room.far.hang_up(caller)


def rehearsed_call(
    stage: Stage, customer: Customer, call: generated.Call, desk: Desk, diversion: str
) -> Rehearsal:
    question = RehearsalQuestion(
        dialled=f"+{call.line}",
        moment=desk.arrived_at,
        agent=desk.agent,
        caller="" if call.withheld else call.number,
        withheld=call.withheld,
        diversion=diversion,
    )
    return rehearse(customer, stage.lines, question, DialRules(), ring_rules(TRANSFERS))


def screen_of_call(pop: p.ScreenPop) -> dict[str, Any]:
    """What the agent was shown, as plain values; earlier calls make nobody known to the company."""
    kind = "unknown" if pop.caller.kind == "known" else pop.caller.kind
    return {
        "company": (pop.company.id, pop.company.name, pop.company.confidential, pop.company.put_through),
        "greeting": pop.greeting,
        "instruction": pop.instruction,
        "caller": (kind, pop.caller.number, pop.caller.vip_info, pop.caller.vip_of),
        "employees": [
            (
                one.id,
                (
                    one.availability.kind,
                    one.availability.text,
                    one.availability.until,
                    one.availability.by_hours,
                ),
                one.refusal,
                one.tries,
            )
            for one in pop.employees
        ],
        "faq": [(one.question, one.answer) for one in pop.faq],
        "fields": [one.key for one in pop.note_fields],
    }


def screen_of_rehearsal(rehearsed: Rehearsal, customer: Customer) -> dict[str, Any]:
    """The same of what the portal shows."""
    caller, vip = rehearsed.caller, rehearsed.caller.vip
    of = customer.employee(vip.employee_id) if vip else None
    kind = "withheld" if caller.withheld else "vip" if vip else "unknown"
    return {
        "company": (
            rehearsed.called.customer_id,
            customer.name,
            customer.confidential,
            customer.tariff.put_through,
        ),
        "greeting": rehearsed.greeting,
        "instruction": rehearsed.instruction,
        "caller": (kind, caller.number, hints(caller, customer), of.name if of else ""),
        "employees": [
            (
                seen.employee.id,
                (seen.present.kind.value, seen.present.text, seen.present.until, seen.present.by_hours),
                str(seen.refusal.code) if seen.refusal is not None else None,
                [step.employee_id for step in seen.plan.steps],
            )
            for seen in rehearsed.employees
        ],
        "faq": [(one.question, one.answer) for one in customer.faq],
        "fields": [one.key for one in customer.note_fields],
    }


async def told(db: Database, call_id: str) -> list[tuple[object, ...]]:
    async with db.read() as conn:
        (note,) = await notes.versions(conn, call_id)
        sent = await notifications.of_note(conn, note.note.id)
    return [(*_whom(one), one.channel, one.kind, one.subject, one.body_text, one.body_html) for one in sent]


def message(expected: RehearsedMessage) -> tuple[object, ...]:
    one, text = expected.wanted, expected.text
    return (*_whom(one), one.channel, one.kind, text.subject, text.text, text.html)


def _whom(one: notifications.Notification | Notification) -> tuple[object, ...]:
    return one.employee_id, one.address, one.cc


def rung(stage: Stage, customer: Customer) -> list[str]:
    """Telephones of this company, in the order in which they have rung."""
    phones = {dial_digits(person.extension) for person in customer.employees}
    return [number for number in stage.room.far.rung if number in phones]


def _talks(stage: Stage, customer: Customer) -> Desk | None:
    """Where this company's call has been answered."""
    for login, tab in stage.tabs.items():
        for one in tab.picture.calls:
            if one.pop.company.id == customer.id and "ring" in one.view.may:
                return Desk(tab, stage.people[login], one.pop.call, one.pop.arrived_at)
    return None


@asynccontextmanager
async def open_stage(tree: AsteriskTree, url: str, db: Database) -> AsyncIterator[Stage]:
    async with open_room(tree, AGENTS, timers=BUSY_FLOOR, strategy="rrmemory") as room:
        await room.far.behave("default", "busy")
        for login in AGENTS:
            await room.far.behave(login, "answer:0.3")
        config = room.config
        ami = AmiSettings(port=config.ami_port, username=config.ami_user, secret=Secret(config.ami_secret))
        calls = CallSettings(wrap_up_seconds=0.2)
        sms = SmsSettings(preset="kannel", url="http://127.0.0.1:9/")  # written, and never handed over
        changes = {"ami": ami, "calls": calls, "sms": sms}
        async with opened(url, lambda: datetime.now(UTC), None, **changes) as service:
            await until(lambda: service.rooms.calls.registry.link.up, message="the service is connected")
            tabs = {login: await service.tab(login) for login in AGENTS}
            for tab in tabs.values():
                assert (await tab.ask("ready")).ok
            async with db.read() as conn:
                companies = await customers.load_all(conn)
                people = {one.interface.removeprefix("PJSIP/"): one for one in await agents.load_all(conn)}
                known = await lines.load_all(conn)
            by_name = {customer.name: customer for customer in companies}
            yield Stage(room, service, tabs, people, by_name, known, asyncio.Semaphore(len(AGENTS)))


async def furnish(db: Database) -> None:
    now = datetime.now(UTC)
    made = await importer.import_document(db, generated.document(), now, lambda _: "no password")
    assert not isinstance(made, list), made
    async with db.write() as conn:
        # Stored before the rule that a wish for put-through needs a number: no file may say that any more.
        wished = (t.employee.c.extension == "") & t.employee.c.vip_sms
        await conn.execute(t.employee.update().where(wished).values(put_through="all"))
        for login in AGENTS:
            account = await accounts.insert(conn, Account("", login, Role.AGENT), "no hash", now)
            await agents.insert(conn, account, "Anna", f"Keller {login[4:]}", f"PJSIP/{login}", bound=True)
