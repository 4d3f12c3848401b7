"""Whole companies, tariffs and lines as an operator wants them, however many; found by their names."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from pbx_bridge.editing.bulk import BulkChange
from pbx_bridge.storage.billing import coming_tariffs, prices
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.editing import billing, blocked_callers, employees, teams
from pbx_bridge.storage.editing import whole_companies as rows
from rules.billing.terms import repriced
from rules.fields.customer import CustomerSettings
from rules.model import Answering, Customer, Line, Tariff


@dataclass(frozen=True, slots=True)
class WholeCompany:
    """A company as it is to be: a new one, or the one of this name.

    `customer`: its employees have their ids, new ones a new id each, and its tariff has one; other ids are
    not looked at. `lists`: which lists become as in `customer`, as (id of the employee or "", name of the
    list); the others stay, as do employees and blocked callers who are not named. `lines`: numbers (E.164)
    that are its own from now on, other lines stay. `sets_region`: whether lines that are there read numbers
    by the company's region from now on.
    """

    customer: Customer
    lists: Collection[tuple[str, str]]
    lines: Sequence[str] = ()
    sets_region: bool = True


async def put_tariff(change: BulkChange, tariff: Tariff, sms_micros: int | None = None) -> None:
    """A new one, or the one of this name changed. `sms_micros`: what an SMS costs from today on, and has ever
    cost where nobody said."""
    tariff_id = await rows.put_tariff(change.conn, tariff)
    if sms_micros is None:
        return
    today = change.now.astimezone(ZoneInfo(CustomerSettings.zone)).date()
    terms = repriced(await prices.of_tariff(change.conn, tariff_id), today, sms_micros)
    if terms is not None:
        await billing.put_terms(change.conn, tariff_id, terms)


async def put_shared_line(change: BulkChange, line: Line) -> None:
    """A new line that companies share, or the one of this number becomes shared."""
    await rows.put_line(change.conn, line.number, line.region, None, change.now)


async def put(change: BulkChange, wanted: WholeCompany) -> None:
    """The company with all that is said of it."""
    conn, customer = change.conn, wanted.customer
    customer_id = await rows.put_company(conn, customer)
    before = change.before.get(customer.name)
    if before is None:
        await billing.signed(conn, customer_id, change.now)
    if customer.answering != (before.answering if before else Answering()):
        await teams.set_answering(conn, customer_id, customer.answering)
    if before and before.tariff.id != customer.tariff.id:
        await _tariff_left(change, customer_id, before)
    there = {one.id for one in before.employees} if before else frozenset[str]()
    # All of them in rounds: deputies come when everybody has an id.
    await employees.insert(conn, customer_id, [one for one in customer.employees if one.id not in there])
    await employees.update(conn, customer_id, [one for one in customer.employees if one.id in there])
    for owner, name in wanted.lists:
        await _put_list(change, customer_id, customer, owner, name)
    for one in customer.blocked:
        caller = replace(one, id=new_id())
        # Whom agents or the company itself blocked meanwhile stays blocked, for the reason given here.
        if not await blocked_callers.insert(conn, customer_id, caller, None, change.now):
            await blocked_callers.update(conn, customer_id, caller)
    for number in wanted.lines:
        keeps = not wanted.sets_region
        await rows.put_line(conn, number, customer.region, customer_id, change.now, keep_region=keeps)


async def _tariff_left(change: BulkChange, customer_id: str, before: Customer) -> None:
    """Through yesterday; one that was due, and that nobody has begun yet, has had its days as well."""
    conn, had = change.conn, before.tariff.id
    today = change.now.astimezone(ZoneInfo(before.zone)).date()
    coming = await coming_tariffs.of_company(conn, customer_id)
    if coming is not None and coming.first_day <= today:
        await billing.tariff_left(conn, customer_id, had, coming.first_day - timedelta(days=1))
        await billing.remove_coming(conn, customer_id)
        had = coming.tariff_id
    await billing.tariff_left(conn, customer_id, had, today - timedelta(days=1))


async def _put_list(change: BulkChange, customer_id: str, customer: Customer, owner: str, name: str) -> None:
    """CCs are not among them here: they are written with their employee."""
    conn = change.conn
    match name:
        case "public_numbers":
            await rows.set_public_numbers(conn, customer_id, customer.public_numbers)
        case "vip":
            vips = [vip for vip in customer.vip_callers if (vip.employee_id or "") == owner]
            await rows.set_vips(conn, customer_id, owner or None, vips)
        case "faq":
            await rows.set_faq(conn, customer_id, customer.faq)
        case "text_block":
            await rows.set_text_blocks(conn, customer_id, customer.text_blocks)
        case "note_field":
            await rows.set_note_fields(conn, customer_id, customer.note_fields)
        case "appointment":
            of_owner = next(one.appointments for one in customer.employees if one.id == owner)
            await rows.set_appointments(conn, owner, of_owner)
