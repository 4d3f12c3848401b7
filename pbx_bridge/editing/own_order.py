"""What a company keeps as a list in an order of its own: answers to questions, text blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from pbx_bridge.editing.change import Change
from pbx_bridge.editing.change_codes import OwnChangeCode
from pbx_bridge.editing.values import Rejected, W
from pbx_bridge.errors import NotFoundError
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.editing import own_order as rows
from pbx_bridge.storage.undo.undo import Reach
from rules.customers import own_order
from rules.customers.own_order import OrderedList, Texts
from rules.model import FaqEntry, TextBlock


class OrderedEntry(Protocol):
    """One of the list."""

    @property
    def id(self) -> str: ...


One = TypeVar("One", bound=OrderedEntry)


@dataclass(frozen=True, slots=True)
class OwnOrder(Generic[One]):
    """`rule`: what may stand in it; `make`: one of an id and its texts.

    Only the list itself is read: a company may have ten thousand employees.
    """

    rule: OrderedList
    reach: Reach
    make: Callable[..., One]

    async def add(self, change: Change, wanted: W) -> One | Rejected[W]:
        """A new one comes last. Raises NotFoundError."""
        await change.check_company()
        before = await self._listed(change)
        faults = tuple(self.rule.faults_of_new(wanted.values, len(before)))
        if faults or not wanted.ready:
            return Rejected(wanted, faults)
        added = self._made(new_id(), wanted.values)
        await self._store(change, "added", before, [*before, added])
        return added

    async def save(self, change: Change, entry_id: str, values: Callable[[One], W]) -> One | Rejected[W]:
        """One as it is to be; `values`: the texts wanted, over those stored. Raises NotFoundError."""
        before = await self._listed(change)
        stored = _own(before, entry_id)
        wanted = values(stored)
        faults = tuple(self.rule.faults(wanted.values))
        if faults or not wanted.ready:
            return Rejected(wanted, faults)
        saved = self._made(stored.id, wanted.values)
        await self._store(change, "saved", before, [saved if one is stored else one for one in before])
        return saved

    async def delete(self, change: Change, entry_id: str) -> None:
        """It goes. Raises NotFoundError."""
        before = await self._listed(change)
        gone = _own(before, entry_id)
        await self._store(change, "deleted", before, [one for one in before if one is not gone])

    async def move(self, change: Change, entry_id: str, *, up: bool) -> None:
        """One place up or down. Raises NotFoundError."""
        before = await self._listed(change)
        after, at = list(before), before.index(_own(before, entry_id))
        after.insert(max(0, at - 1) if up else at + 1, after.pop(at))
        await self._store(change, "moved", before, after)

    async def put_in_order(self, change: Change, order: Sequence[str], rows: int) -> bool:
        """A page of `rows` anew, `order`: its ids; False when the list is another by now."""
        before, wanted = await self._listed(change), frozenset(order)
        first = next((place for place, one in enumerate(before) if one.id in wanted), 0)
        begins = first // rows * rows
        seen = {one.id: one for one in before[begins : begins + rows]}
        if sorted(order) != sorted(seen):
            return False
        anew = [seen[one] for one in order]
        await self._store(change, "moved", before, [*before[:begins], *anew, *before[begins + rows :]])
        return True

    def texts_of(self, one: One) -> dict[str, str]:
        """By field, in the order of a form."""
        return {name: getattr(one, name) for name in self.rule.longest}

    def _made(self, entry_id: str, values: Texts) -> One:
        return self.make(entry_id, **self.rule.trimmed(values))

    async def _listed(self, change: Change) -> Sequence[One]:
        found = await rows.listed(change.conn, self.rule.kind, change.customer_id)
        return [self.make(key, **texts) for key, texts in found.items()]

    async def _store(self, change: Change, done: str, before: Sequence[One], after: Sequence[One]) -> None:
        change.code = code = OwnChangeCode(f"{self.rule.kind}_{done}")
        if before == after:
            return
        await change.record(code, self.reach)
        texts = {one.id: self.texts_of(one) for one in after}
        known = [one.id for one in before]
        await rows.store(change.conn, self.rule.kind, change.customer_id, known, texts)


def _own(listed: Sequence[One], entry_id: str) -> One:
    found = next((one for one in listed if one.id == entry_id), None)
    if found is None:
        raise NotFoundError
    return found


FAQ: OwnOrder[FaqEntry] = OwnOrder(own_order.FAQ, Reach(faq=True), FaqEntry)
TEXT_BLOCKS: OwnOrder[TextBlock] = OwnOrder(own_order.TEXT_BLOCKS, Reach(text_blocks=True), TextBlock)
