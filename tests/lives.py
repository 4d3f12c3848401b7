"""A call in a played world: whoever answered it writes its note, and no word is lost."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from pbx_bridge.storage import tables
from pbx_bridge.storage.calls import attempts, call_filter, calls, statistics
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import StorageUnavailable
from pbx_bridge.storage.notes import notes
from tests.desk_room import DeskRoom, Tab
from tests.desk_world import World, world_room
from tests.sample_company import IN_TIME, NOW, SampleCompany
from tests.until import until

DAY = timedelta(days=1)


@dataclass
class Paper:
    """A note that somebody has to write. `words`: typed so far; `saved`: of them, in the database."""

    agent: str
    words: str = ""
    saved: str | None = None
    kept: bool = True  # not gone with its company


async def _lost(_rows: object) -> None:
    """Nothing is written any more."""


@dataclass
class Life:
    """A call with what must be true of it: `papers` are its notes, the last one is being written."""

    url: str
    house: SampleCompany
    world: World
    room: DeskRoom = field(init=False)
    tabs: dict[str, Tab] = field(default_factory=dict)
    papers: list[Paper] = field(default_factory=list)
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def id(self) -> str:
        return self.room.id_of(self.world.call)

    @property
    def paper(self) -> Paper:
        return self.papers[-1]

    async def begin(self) -> None:
        """A life of the service, with a desk of each agent."""
        self.room = await self.stack.enter_async_context(world_room(self.url, self.world))
        self.tabs = {name: await self.room.tab(name) for name in ("anna", "ben")}

    async def end(self) -> None:
        await self.stack.aclose()

    async def live(self, words: str, *, strike_after: int = -1, strike: str = "") -> None:
        for place, word in enumerate(words.split()):
            what, _, who = word.partition(":")
            await getattr(self, f"_{what}")(*([who] if who else []))
            if place == strike_after:
                await getattr(self, f"_{strike}")()
            if self.papers:
                await self.as_it_should_be(f"{word} ({words}; {strike} after {strike_after})")

    async def as_it_should_be(self, when: str) -> None:
        """Whoever has to write the note sees the call and every word; whoever has written it sees no call, or
        that it is noted."""
        paper = self.paper
        await until(lambda: self._shown(paper), message=f"the right screen after {when}")

    def _shown(self, paper: Paper) -> bool:
        shown = self.tabs[paper.agent].call(self.id)
        typed = paper.words if paper.words != (paper.saved or "") else None
        if typed is None and paper.saved is not None:
            return shown is None or bool(shown.view.noted)
        if shown is None or (shown.draft.body.concern if shown.draft else "") != paper.words:
            return False
        return {"save_draft", "save_note"} <= set(shown.view.may) or shown.view.phase == "offered"

    # ---- words: what happens to the call

    async def _ring(self, name: str) -> None:
        if not self.papers:
            self.world.arrive()
        await self._offer(name)
        await self._answer(name)

    async def _offer(self, name: str) -> None:
        self.world.offer(name)
        await until(lambda: self._phase(name) == "offered", message="the pop")

    async def _silence(self, name: str) -> None:
        self.world.falls_silent(name)
        await until(lambda: self._phase(name) != "offered", message="the pop is gone")

    async def _answer(self, name: str) -> None:
        self.world.answer(name)
        await until(lambda: self._phase(name) == "talking", message="the talk")
        if not self.papers or self.paper.saved is not None:
            typed_on = self.papers and self.paper.agent == name and self.paper.words != self.paper.saved
            self.papers.append(Paper(name, self.paper.words if typed_on else ""))
        self.paper.agent = name

    async def _hold(self) -> None:
        self.world.hold()
        await until(lambda: self._phase(self.paper.agent) == "putting_through", message="on hold")

    async def _ask(self) -> None:
        """Ring Erika, who picks up."""
        rung = len(self.room.pbx.rung())
        answer = await self.tabs[self.paper.agent].ask("ring", call=self.id, employee=self.house.erika)
        assert answer.ok, answer
        await until(lambda: len(self.room.pbx.rung()) > rung, message="Erika's phone")
        self.world.ring(self.room.pbx.last_attempt())
        self.world.pick_up()
        await until(lambda: self._step() == "consulting", message="the consultation")

    async def _connect(self) -> None:
        self.world.connect()
        await until(lambda: self._phase(self.paper.agent) in {"joined", None}, message="put through")

    async def _back(self) -> None:
        self.world.employee_hangs_up()
        await until(lambda: self.room.rooms.calls.registry.waiting, message="in the queue again")

    async def _back_early(self) -> None:
        """As the legs end in any order: the caller is back, and the employee's end is not told yet."""
        self.world.caller_comes_back()
        await until(lambda: self.room.rooms.calls.registry.waiting, message="in the queue again")

    async def _gone(self, name: str) -> None:
        """The employee's end is told while it rings at `name`, whose pop stays."""
        self.world.employee_has_left()
        await self._attempts()
        await self.tabs[name].ask("find", call=self.id, what="employees", query="Erika")
        assert self._phase(name) == "offered", "the pop went while it rang"

    async def _leave(self) -> None:
        self.world.agent_hangs_up()
        await until(lambda: not self._busy(), message="the agent has left")

    async def _end(self) -> None:
        self.world.caller_hangs_up()
        known = self.room.rooms.calls.registry.calls
        await until(lambda: (c := known.get(self.world.call)) is None or not c.live, message="the end")

    async def _over(self) -> None:
        self.world.consultation_ends()

    # ---- words: what the agent does

    async def _type(self) -> None:
        self.paper.words += f"Wort{len(self.paper.words)}. "
        tab = self.tabs[self.paper.agent]
        shown = tab.call(self.id)
        assert shown
        revision = (shown.draft.revision if shown.draft else 0) + 1
        answer = await tab.ask("save_draft", call=self.id, revision=revision, body=self._body())
        assert answer.ok, answer

    async def _save(self) -> None:
        answer = await self.tabs[self.paper.agent].ask("save_note", call=self.id, body=self._body())
        assert answer.ok, answer
        self.paper.saved, self.paper.kept = self.paper.words, True

    def _body(self) -> dict[str, Any]:
        own = {"fields": {"art": "Neukunde"}, "recipients": [self.house.erika]}
        return {"name": "Sabine Krause", "concern": self.paper.words} | own

    # ---- strikes

    async def _restart(self) -> None:
        """In order."""
        await self._again(lost=False)

    async def _kill(self) -> None:
        """Whatever the journal has not stored is lost."""
        await self._again(lost=True)

    async def _again(self, *, lost: bool) -> None:
        if lost:
            self.room.rooms.calls.journal._store = _lost  # type: ignore[assignment, method-assign]  # in its midst
        await self.end()
        await self.begin()

    async def _lose_the_row(self) -> None:
        await self._lose_what_is_saved()
        await self._delete(tables.call, tables.call.c.id == self.id)

    async def _employee_leaves(self) -> None:
        await self._delete(tables.employee, tables.employee.c.id == self.house.erika, told=True)
        await until(lambda: not self._company().employee(self.house.erika), message="known")

    async def _employee_leaves_unheard(self) -> None:
        await self._delete(tables.employee, tables.employee.c.id == self.house.erika)

    async def _company_leaves(self) -> None:
        await self._company_leaves_unheard(told=True)
        await until(lambda: not self.room.rooms.directory.index.customers, message="known")

    async def _company_leaves_unheard(self, *, told: bool = False) -> None:
        """Its notes go with it; what is still to be noted is kept for the operator."""
        await self._lose_what_is_saved()
        await self._delete(tables.customer, tables.customer.c.id == self.house.customer_id, told=told)

    async def _lose_what_is_saved(self) -> None:
        await self.room.rooms.calls.journal.settled()
        for paper in self.papers:
            paper.kept = paper.saved is None

    async def _agents_leave_unheard(self) -> None:
        await self._delete(tables.agent, tables.agent.c.id != "")

    async def _line_leaves(self) -> None:
        await self._delete(tables.line, tables.line.c.customer_id == self.house.customer_id, told=True)

    async def _field_leaves(self) -> None:
        fields = tables.note_field
        await self._delete(fields, fields.c.customer_id == self.house.customer_id, told=True)
        await until(lambda: not self._company().note_fields, message="known")

    async def _delete(self, table: Any, these: Any, *, told: bool = False) -> None:
        """What the rows refer to is being written: of two who wait for each other, PostgreSQL sends one away,
        who comes again."""
        while True:
            try:
                return await self._deleted(table, these, told)
            except StorageUnavailable as error:
                if error.reason != "locked":
                    raise

    async def _deleted(self, table: Any, these: Any, told: bool) -> None:
        async with self.room.rooms.db.write() as conn:
            await conn.execute(table.delete().where(these))
            if told:
                here = table is not tables.customer
                await data_version.touch(conn, self.house.customer_id if here else None, NOW)

    # ---- looks

    def _company(self) -> Any:
        return self.room.rooms.directory.index.customers[self.house.customer_id]

    def _phase(self, name: str) -> str | None:
        return self.tabs[name].phase(self.id)

    def _step(self) -> str | None:
        shown = self.tabs[self.paper.agent].call(self.id)
        return shown.view.put_through.step if shown and shown.view.put_through else None

    def _busy(self) -> bool:
        call = self.room.rooms.calls.registry.calls.get(self.world.call)
        return bool(call and call.busy_agent)

    async def _attempts(self) -> None:
        """Each is over, and stored."""
        rung: tuple[attempts.StoredAttempt, ...] | None = None
        while rung is None or any(attempt.result is None for attempt in rung):
            await self.room.rooms.calls.journal.settled()
            async with self.room.rooms.db.read() as conn:
                rung = await attempts.of_call(conn, self.id)

    async def is_well(self) -> None:
        """Every note is stored once, nothing is left to do, and every figure is right."""
        await until(lambda: not any(tab.picture.calls for tab in self.tabs.values()), message="empty screens")
        await self._attempts()
        async with self.room.rooms.db.read() as conn:
            call, chains = await calls.by_id(conn, self.id), await notes.chains(conn, self.id)
            drafts = (await conn.execute(tables.note_draft.select())).all()
            figures = await calls.figures(conn, NOW - 9 * DAY, NOW + 900 * DAY, IN_TIME)
        stored = [chain[-1].note.concern.partition("\n")[0].strip() for chain in chains]
        assert stored == [(paper.saved or "").strip() for paper in self.papers if paper.kept]
        assert call is not None
        assert (call.outcome, call.answered_at is not None) == (calls.Outcome.NOTED, True)
        assert not drafts
        assert figures == calls.Figures(arrived=1, answered=1, in_time=figures.in_time, missed=0)
        await self._is_listed_once(call, len(chains))

    async def _is_listed_once(self, call: calls.StoredCall, written: int) -> None:
        if call.customer_id is None:
            return
        chosen = call_filter.Selection(call.customer_id, NOW - 9 * DAY, NOW + 900 * DAY)
        async with self.room.rooms.db.read() as conn:
            (listed,) = await statistics.page(conn, chosen, 25)
            (counted,) = await statistics.buckets(conn, chosen, IN_TIME)
            told = await statistics.by_employee(conn, chosen)
        assert listed.result in {call_filter.Result.NOTED, call_filter.Result.PUT_THROUGH}
        assert len(listed.earlier) == written - 1
        assert (counted.calls, counted.answered, counted.missed) == (1, 1, 0)
        hers = [one.notes + one.put_through for one in told if one.employee_id == self.house.erika]
        assert hers in ([1], [])
