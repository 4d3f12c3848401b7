"""What a company keeps as a list in an order of its own: answers to questions, text blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from aiohttp import web

from pbx_bridge.errors import NotFoundError
from pbx_bridge.portal.forms import Form, sent, shown
from pbx_bridge.portal.visit import Change, Handler, Route, Visit
from pbx_bridge.storage import undo
from pbx_bridge.storage.editing import own_order
from pbx_bridge.storage.ids import new_id
from rules.fault import Fault
from rules.model import Customer


class Kept(Protocol):
    """One of the list."""

    @property
    def id(self) -> str: ...


One = TypeVar("One", bound=Kept)


def nothing_else(_: Mapping[str, str]) -> Iterable[Fault]:
    """For what is right whenever it is there and not too long."""
    return ()


@dataclass(frozen=True, slots=True)
class OwnOrder(Generic[One]):
    """`deeds`: what its deeds and its faults begin with; `template`: of the page of one; `longest`: its texts
    in the order of the form, each with its longest length; `most`: of a company; `rows`: how many are put in
    order at once; `of`: those of a company; `make`: one of an id and its texts."""

    route: str
    path: str
    deeds: str
    template: str
    reach: undo.Reach
    longest: Mapping[str, int]
    most: int
    rows: int
    of: Callable[[Customer], Sequence[One]]
    make: Callable[..., One]
    faults: Callable[[Mapping[str, str]], Iterable[Fault]] = nothing_else

    def routes(self, show: Handler) -> tuple[Route, ...]:
        """All pages; `show`: the one with the list."""
        one = f"{self.path}/{{entry}}"
        return (
            Route(self.route, "GET", self.path, show),
            Route(f"{self.route}.new", "GET", f"{self.path}/neu", self.new),
            Route(f"{self.route}.new", "POST", f"{self.path}/neu", self.add),
            Route(f"{self.route}.order", "POST", f"{self.path}/ordnung", self.put_in_order),
            Route(f"{self.route}.one", "GET", one, self.show_one),
            Route(f"{self.route}.one", "POST", one, self.save),
            Route(f"{self.route}.delete", "POST", f"{one}/loeschen", self.delete),
            Route(f"{self.route}.move", "POST", f"{one}/verschieben", self.move),
        )

    async def new(self, visit: Visit) -> web.StreamResponse:
        """An empty form."""
        return self._page(visit, shown(self._empty))

    async def add(self, visit: Visit) -> web.StreamResponse:
        """A new one comes last."""
        posted = await visit.posted()
        async with visit.changing(f"{self.deeds}_added", reach=self.reach) as change:
            form = sent(posted, self._empty)
            before = self.of(change.customer)
            full = Fault(next(iter(self.longest)), f"{self.deeds}_full", {"max": str(self.most)})
            form = form.with_faults([*self._faults(form), *([full] if len(before) >= self.most else [])])
            if form.faults:
                return self._page(visit, replace(form, theirs={}))
            await self._store(change, [*before, self.make(new_id(), **_stripped(form))])
        return visit.done(self.path, change)

    async def show_one(self, visit: Visit) -> web.StreamResponse:
        """Its form."""
        stored = self._own(visit, await visit.customer())
        return self._page(visit, shown(self._texts(stored)), stored)

    async def save(self, visit: Visit) -> web.StreamResponse:
        """Store what changed."""
        posted = await visit.posted()
        async with visit.changing(f"{self.deeds}_saved", reach=self.reach) as change:
            stored = self._own(visit, change.customer)
            form = sent(posted, self._texts(stored))
            form = form.with_faults(self._faults(form))
            if not form.ready:
                return self._page(visit, form, stored)
            saved = self.make(stored.id, **_stripped(form))
            await self._store(change, [saved if one is stored else one for one in self.of(change.customer)])
        return visit.done(self.path, change)

    async def delete(self, visit: Visit) -> web.StreamResponse:
        """It goes; the flash brings it back to its place."""
        async with visit.changing(f"{self.deeds}_deleted", reach=self.reach) as change:
            stored = self._own(visit, change.customer)
            await self._store(change, [one for one in self.of(change.customer) if one is not stored])
        return visit.done(self.path, change)

    async def move(self, visit: Visit) -> web.StreamResponse:
        """One place `up` or down: the buttons, without scripts."""
        posted = await visit.posted()
        async with visit.changing(f"{self.deeds}_moved", reach=self.reach) as change:
            after = list(self.of(change.customer))
            at = after.index(self._own(visit, change.customer))
            to = max(0, at - 1) if posted["direction"] == "up" else at + 1
            after.insert(to, after.pop(at))
            await self._store(change, after)
        return visit.done(self.path, change)

    async def put_in_order(self, visit: Visit) -> web.StreamResponse:
        """A page of the list anew, `order`: ids with commas; `done` is False when the list is another by
        now."""
        order = (await visit.posted())["order"].split(",")
        async with visit.changing(f"{self.deeds}_moved", reach=self.reach) as change:
            before, wanted = self.of(change.customer), frozenset(order)
            first = next((place for place, one in enumerate(before) if one.id in wanted), 0)
            begins = first // self.rows * self.rows
            seen = {one.id: one for one in before[begins : begins + self.rows]}
            done = sorted(order) == sorted(seen)
            if done:
                anew = [seen[one] for one in order]
                await self._store(change, [*before[:begins], *anew, *before[begins + self.rows :]])
        return web.json_response({"done": done})

    @property
    def _empty(self) -> dict[str, str]:
        return dict.fromkeys(self.longest, "")

    def _texts(self, one: One) -> dict[str, str]:
        return {name: getattr(one, name) for name in self.longest}

    def _faults(self, form: Form) -> Iterator[Fault]:
        for name, text in _stripped(form).items():
            most = self.longest[name]
            if not text:
                yield Fault(name, "required")
            elif len(text) > most:
                yield Fault(name, "too_long", {"max": str(most), "length": str(len(text))})
        yield from self.faults(form.values)

    def _own(self, visit: Visit, customer: Customer) -> One:
        wanted = visit.request.match_info["entry"]
        found = next((one for one in self.of(customer) if one.id == wanted), None)
        if found is None:
            raise NotFoundError
        return found

    async def _store(self, change: Change, after: Sequence[One]) -> None:
        texts, before = {one.id: self._texts(one) for one in after}, self.of(change.customer)
        await own_order.store(change.conn, self.deeds, change.customer.id, [one.id for one in before], texts)

    def _page(self, visit: Visit, form: Form, stored: One | None = None) -> web.Response:
        return visit.page(self.template, status=200 if form.ready else 422, form=form, stored=stored)


def _stripped(form: Form) -> dict[str, str]:
    return {name: text.strip() for name, text in form.values.items()}
