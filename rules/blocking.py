"""Whose calls a company may have turned away, and whom the telephone system turns away at this moment."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from enum import StrEnum

from rules.decision import Allowed, Refused
from rules.dialling import DialRefusal, DialRules, may_dial
from rules.model import Customer, Line, VipCaller
from rules.phone_numbers import to_e164

FindVips = Callable[[str], tuple[VipCaller, ...]]
"""`VipTable.find` of the company in question."""


class BlockRefusal(StrEnum):
    """Why a number is not blocked. `COMPANY` names nobody: agents never learn whose phone a number is."""

    WITHHELD = "block_withheld"
    NOT_A_CALLER = "block_not_a_caller"
    VIP = "block_vip"
    COMPANY = "block_company"
    SECRETARIAT = "block_secretariat"


_NOBODY_CALLS_FROM = frozenset(
    {
        DialRefusal.UNREADABLE,
        DialRefusal.SERVICE_CODE,
        DialRefusal.EMERGENCY,
        DialRefusal.SHORT,
        DialRefusal.INTERNAL,
    }
)
"""Whoever calls back from such a number must get through, or it is none. A far country is no reason."""


def may_block(number: str, customer: Customer, vips: FindVips, lines: Collection[str]) -> Allowed | Refused:
    """Whether this company may have calls from `number` (E.164, "" when withheld) turned away.

    `lines`: all our numbers (E.164). Refused: `BlockRefusal`, for a VIP with `name`.
    """
    return _decide(number, vips, own_numbers(customer), lines)


def turned_away(customer: Customer, vips: FindVips, lines: Collection[str]) -> frozenset[str]:
    """The blocked numbers (E.164) that still may be: who became a VIP or employee since gets through."""
    if not customer.blocked:
        return frozenset()
    own = own_numbers(customer)
    return frozenset(one.number for one in customer.blocked if _decide(one.number, vips, own, lines))


def walls(
    customers: Iterable[Customer], lines: Iterable[Line], vips: Callable[[str], FindVips]
) -> dict[str, frozenset[str]]:
    """Called number → numbers turned away there, all E.164: for every line of a company, and every number of
    its own, by which a forwarded call is known on a shared line. `vips`: id of a company → its VIPs."""
    listed = list(lines)
    ours = frozenset(line.number for line in listed)
    found: dict[str, frozenset[str]] = {}
    refused: dict[str, frozenset[str]] = {}
    for customer in customers:
        refused[customer.id] = turned_away(customer, vips(customer.id), ours)
        found |= dict.fromkeys(_public(customer), refused[customer.id])
    return found | _of_lines(listed, refused)


def own_numbers(customer: Customer) -> frozenset[str]:
    """The company's own: what callers dial, and its employees' phones."""
    phones = (number for one in customer.employees for number in (one.mobile, one.extension))
    return frozenset(number for number in phones if number) | frozenset(_public(customer))


def _public(customer: Customer) -> list[str]:
    return [to_e164(number, customer.region) or number for number in customer.public_numbers]


def _of_lines(lines: Iterable[Line], refused: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    owned = ((line.number, line.customer_id or "") for line in lines)
    return {number: refused[customer] for number, customer in owned if customer in refused}


def _decide(number: str, vips: FindVips, own: Collection[str], lines: Collection[str]) -> Allowed | Refused:
    if not number:
        return Refused(BlockRefusal.WITHHELD)
    dialled = may_dial(number, DialRules())
    if isinstance(dialled, Refused) and dialled.code in _NOBODY_CALLS_FROM:
        return Refused(BlockRefusal.NOT_A_CALLER)
    if number in lines:
        return Refused(BlockRefusal.SECRETARIAT)
    if number in own:
        return Refused(BlockRefusal.COMPANY)
    known = vips(number)
    return Refused(BlockRefusal.VIP, {"name": known[0].name}) if known else Allowed()
