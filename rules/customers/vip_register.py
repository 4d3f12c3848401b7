"""A company's VIP callers in order and ready to be searched, however many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from rules.customers.directory import ordered, parts_of, words_of
from rules.model import Customer, VipCaller
from rules.stepwise import Steps
from rules.text.names import fold

ORDERS = ("name", "number", "owner")


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """An entry. `words`: what a search looks into; `keys`: where it stands, by `ORDERS`."""

    vip: VipCaller
    words: str
    keys: tuple[str, str, str]


@dataclass(frozen=True, slots=True, weakref_slot=True)
class VipRegister:
    """All entries in each of the `ORDERS`."""

    orders: tuple[tuple[RegisterEntry, ...], ...] = ((), (), ())

    def find(self, query: str, order: str = "name") -> list[VipCaller]:
        """Those of which each word of the query begins a word of name, info or owner, or whose number has its
        digits; an empty query finds all."""
        listed: Sequence[RegisterEntry] = self.orders[ORDERS.index(order)]
        digits = "".join(char for char in query if char.isdecimal()).lstrip("0")
        numbers = [one for one in listed if digits in one.vip.pattern] if len(digits) > 2 else []
        for part in parts_of(query):
            listed = [one for one in listed if part in one.words]
        if not numbers:
            return [one.vip for one in listed]
        both = {one.vip.id for one in (*listed, *numbers)}
        return [one.vip for one in self.orders[ORDERS.index(order)] if one.vip.id in both]

    def ranked(self, query: str, most: int) -> list[VipCaller]:
        """The first `most` of `find`."""
        return list(islice(self.find(query), most))


def compiled(customer: Customer) -> Steps[VipRegister]:
    """Of any number of entries."""
    known: list[RegisterEntry] = []
    for vip in customer.vip_callers:
        known.append(_known(customer, vip))
        yield
    by_name = yield from ordered(known, lambda one: one.keys[0])
    by_number = yield from ordered(known, lambda one: one.keys[1])
    by_owner = yield from ordered(known, lambda one: one.keys[2])
    return VipRegister((by_name, by_number, by_owner))


def _known(customer: Customer, vip: VipCaller) -> RegisterEntry:
    owner = customer.employee(vip.employee_id)
    whose, name = owner.name if owner else "", fold(vip.name)
    keys = ((name, vip.pattern), (vip.pattern, name), (fold(whose), name))
    by_name, by_number, by_owner = ("\0".join((*key, vip.id)) for key in keys)
    return RegisterEntry(vip, words_of(vip.name, vip.info, whose), (by_name, by_number, by_owner))
