"""Whose calls a company may have turned away, and whom the telephone system turns away at this moment."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Set
from enum import StrEnum

from rules.decision import Allowed, Refused
from rules.fault import Fault
from rules.model import BlockedCaller, BlockReason, Customer, VipCaller
from rules.stepwise import Steps, at_once
from rules.text.dialling import DialRefusal, DialRules, may_dial
from rules.text.phone_numbers import lacks_area, to_e164

FindVips = Callable[[str], tuple[VipCaller, ...]]
"""`VipTable.find` of the company in question."""
LONGEST_REMARK = 200


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


def read(typed: Mapping[str, str], region: str, *, block_id: str = "") -> BlockedCaller | tuple[Fault, ...]:
    """Whom somebody wants blocked, from `number`, `reason` and `remark` of a form, or what is wrong with
    these texts; whether the company may block them is for `may_block`. A reason that nobody knows is "other".
    """
    number, remark = typed["number"].strip(), typed["remark"].strip()
    if not number:
        return (Fault("number", "required"),)
    if len(remark) > LONGEST_REMARK:
        params = {"length": str(len(remark)), "max": str(LONGEST_REMARK)}
        return (Fault("remark", "too_long", params),)
    dialled = "" if lacks_area(number, region) else to_e164(number, region)
    if not dialled:
        return (Fault("number", BlockRefusal.NOT_A_CALLER),)
    known = typed["reason"] in set(BlockReason)
    return BlockedCaller(
        block_id, dialled, BlockReason(typed["reason"] if known else BlockReason.OTHER), remark
    )


def may_block(number: str, customer: Customer, vips: FindVips, lines: Collection[str]) -> Allowed | Refused:
    """Whether this company may have calls from `number` (E.164, "" when withheld) turned away.

    `lines`: all our numbers (E.164). Refused: `BlockRefusal`, for a VIP with `name`.
    """
    return judging([number], customer, vips, lines)(number)


def judging(
    numbers: Collection[str], customer: Customer, vips: FindVips, lines: Collection[str]
) -> Callable[[str], Allowed | Refused]:
    """`may_block` for some numbers: which of them are phones of the company is looked up once."""
    own = at_once(own_among(frozenset(numbers), customer))
    return lambda number: _decide(number, vips, own, lines)


def is_turned_away(number: str, customer: Customer, vips: FindVips, lines: Collection[str]) -> bool:
    """Whether this caller (E.164) is blocked and still may be: who became a VIP or employee gets through."""
    blocked = any(one.number == number for one in customer.blocked)
    return blocked and bool(may_block(number, customer, vips, lines))


def turned_away(customer: Customer, vips: FindVips, lines: Collection[str]) -> Steps[frozenset[str]]:
    """All whom `is_turned_away` means, however many the company has blocked."""
    if not customer.blocked:
        return frozenset()
    blocked: set[str] = set()
    for one in customer.blocked:
        blocked.add(one.number)
        yield
    own = yield from own_among(blocked, customer)
    found: set[str] = set()
    for one in customer.blocked:
        if _decide(one.number, vips, own, lines):
            found.add(one.number)
        yield
    return frozenset(found)


def own_among(numbers: Set[str], customer: Customer) -> Steps[set[str]]:
    """Which of these are the company's own: what callers dial, and its employees' phones."""
    found = {number for number in public_numbers(customer) if number in numbers}
    for one in customer.employees:
        if one.mobile in numbers:
            found.add(one.mobile)
        if one.extension in numbers:
            found.add(one.extension)
        yield
    return found


def public_numbers(customer: Customer) -> list[str]:
    """What callers dial, by which a forwarded call is known on a shared line: E.164 where it can be read."""
    return [to_e164(number, customer.region) or number for number in customer.public_numbers]


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
