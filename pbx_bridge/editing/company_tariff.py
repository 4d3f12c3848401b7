"""Another tariff for a company, from a day on: at once if that is today, else kept until it comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from pbx_bridge.editing.change import Change
from pbx_bridge.editing.values import Rejected, W
from pbx_bridge.storage.access import access_log
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.billing import coming_tariffs
from pbx_bridge.storage.customers import customers
from pbx_bridge.storage.editing import billing
from rules.billing.typed_tariff import TariffChange, read_change
from rules.model import Tariff


async def choose(change: Change, wanted: W) -> TariffChange | Rejected[W]:
    """`wanted`: the id of the tariff and its first day. One to come is replaced. Raises NotFoundError.

    No way back is kept for one that holds from today on; one to come is withdrawn.
    """
    await begin(change)  # what was due a moment ago has had its days, whether anybody came by or not
    company = await change.customer()
    tariffs = {one.id: one for one in await customers.load_tariffs(change.conn)}
    today = change.now.astimezone(ZoneInfo(company.zone)).date()
    read = read_change(wanted.values, company.tariff, tariffs, today)
    if isinstance(read, tuple) or not wanted.ready:
        return Rejected(wanted, read if isinstance(read, tuple) else ())
    if read.first_day == today:
        await billing.remove_coming(change.conn, company.id)
        await _have(change, read.tariff, today)
    else:
        await billing.put_coming(change.conn, company.id, read.tariff.id, read.first_day)
    await _note(change, f"{company.tariff.name} > {read.tariff.name} · {read.first_day.isoformat()}")
    change.code = "tariff_chosen"
    return read


async def withdraw(change: Change) -> bool:
    """It keeps the one it has; False: none was to come, or its day is there."""
    if await begin(change):
        return False
    coming = await coming_tariffs.of_company(change.conn, change.customer_id)
    if coming is None or not await billing.remove_coming(change.conn, change.customer_id):
        return False
    await _note(change, f"{coming.tariff} · {coming.first_day.isoformat()} > –")
    change.code = "tariff_withdrawn"
    return True


async def begin(change: Change) -> bool:
    """The one to come is what the company has, if its day is there on the company's clock."""
    coming = await coming_tariffs.of_company(change.conn, change.customer_id)
    if coming is None or change.now.astimezone(ZoneInfo(coming.zone)).date() < coming.first_day:
        return False
    await billing.remove_coming(change.conn, change.customer_id)
    tariffs = {one.id: one for one in await customers.load_tariffs(change.conn)}
    await _have(change, tariffs[coming.tariff_id], coming.first_day)
    change.code = "tariff_begun"
    return True


async def _have(change: Change, tariff: Tariff, first_day: date) -> None:
    """The day decides, however late this is done: a statement is the same after a night without service."""
    company = await change.customer()
    if company.tariff.id != tariff.id:
        last = first_day - timedelta(days=1)
        await billing.tariff_left(change.conn, company.id, company.tariff.id, last)
        await billing.set_tariff(change.conn, company.id, tariff.id)
        change.loaded = replace(company, tariff=tariff)


async def _note(change: Change, told: str) -> None:
    change.logged = True
    name = (await change.customer()).name
    who = [change.editor.login or access_log.SERVICE]
    detail = f"{name} · {told}"
    await access_log.write_all(
        change.conn, AccessEvent.COMPANY_TARIFF, who, change.now, change.editor.where, detail=detail
    )
