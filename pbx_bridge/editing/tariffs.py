"""Tariffs, and their prices: a version from a day on, changed or withdrawn while it is still to come.

A tariff belongs to no company, so these write in a transaction of their own instead of a `Change`. Nobody
holds prices in memory, and nobody has to be told. No way back is kept: a version to come is withdrawn, and
what has held is followed by the next one (decision 50).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from pbx_bridge.editing.values import Rejected, W
from pbx_bridge.errors import NotFoundError
from pbx_bridge.storage.access import access_log
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.access.account_changes import By
from pbx_bridge.storage.billing import prices
from pbx_bridge.storage.customers import tariff_list
from pbx_bridge.storage.db.engine import AsyncConnection
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.editing import billing
from rules.billing.terms import Terms, running
from rules.billing.typed_tariff import read_name, read_tariff
from rules.billing.typed_terms import read_terms, texts_of
from rules.fault import Fault
from rules.fields.customer import Tariff


async def add_terms(
    conn: AsyncConnection, tariff_id: str, wanted: W, today: date, by: By
) -> Terms | Rejected[W] | None:
    """One version more; one that begins on the same day is replaced where `wanted` says so.

    None: that day has these prices already, and nothing is written. `today`: on the clock of the house.
    Raises NotFoundError for a tariff that is none.
    """
    if not await tariff_list.is_there(conn, tariff_id):
        raise NotFoundError
    there = await prices.of_tariff(conn, tariff_id)
    terms = read_terms(wanted.values, today, {one.first_day for one in there})
    if isinstance(terms, tuple) or not wanted.ready:
        return Rejected(wanted, terms if isinstance(terms, tuple) else ())
    before = running(there, terms.first_day)
    if before is not None and replace(before, first_day=terms.first_day) == terms:
        return None
    await billing.put_terms(conn, tariff_id, terms)
    await _note_terms(conn, by, tariff_id, before, terms)
    return terms


async def change_terms(
    conn: AsyncConnection,
    tariff_id: str,
    first_day: date,
    values: Callable[[Terms | None], W],
    today: date,
    by: By,
) -> Terms | Rejected[W]:
    """The version of `first_day`, which may begin on another day as well. `values`: the texts wanted, over
    what is stored; over None where somebody has withdrawn it.

    One that is withdrawn or has begun is not changed: faults `terms_gone`, `terms_begun`.
    """
    there = {one.first_day: one for one in await prices.of_tariff(conn, tariff_id)}
    stored = there.pop(first_day, None)
    wanted = values(stored)
    if stored is None or first_day <= today:
        return Rejected(wanted, (Fault("first_day", "terms_begun" if stored else "terms_gone"),))
    terms = read_terms(wanted.values, today, there.keys())
    if isinstance(terms, tuple) or not wanted.ready:
        return Rejected(wanted, terms if isinstance(terms, tuple) else ())
    if terms.first_day != first_day:
        await billing.remove_terms(conn, tariff_id, first_day)
    if terms != stored:
        await billing.put_terms(conn, tariff_id, terms)
        await _note_terms(conn, by, tariff_id, stored, terms)
    return terms


async def withdraw_terms(conn: AsyncConnection, tariff_id: str, first_day: date, today: date, by: By) -> bool:
    """The version before it holds on. False: it has begun, or it is not there any more."""
    if first_day <= today or not await billing.remove_terms(conn, tariff_id, first_day):
        return False
    await _note_terms(conn, by, tariff_id, None, None, first_day.isoformat())
    return True


async def create(conn: AsyncConnection, wanted: W, by: By) -> Tariff | Rejected[W]:
    """A new one, without a price yet."""
    same = await tariff_list.named(conn, wanted.values["name"])
    read = read_tariff(wanted.values, new_id(), same.name if same else "")
    if isinstance(read, tuple) or not wanted.ready:
        return Rejected(wanted, read if isinstance(read, tuple) else ())
    if not await billing.add_tariff(conn, read):
        return Rejected(wanted, (Fault("name", "tariff_name_taken", {"name": read.name}),))
    await _note(conn, by, f"– > {read.name}")
    return read


async def rename(
    conn: AsyncConnection, tariff_id: str, values: Callable[[Mapping[str, str]], W], by: By
) -> Tariff | Rejected[W]:
    """Under another name; what companies have signed stays. `values`: the texts wanted, over those stored.
    Raises NotFoundError. Nobody is told: whoever shows the name asks the database for it."""
    found = await tariff_list.one(conn, tariff_id)
    if found is None:
        raise NotFoundError
    wanted = values({"name": found.tariff.name})
    same = await tariff_list.named(conn, wanted.values["name"])
    other = same.name if same and same.id != tariff_id else ""
    read = read_name(wanted.values, found.tariff, other)
    if isinstance(read, tuple) or not wanted.ready:
        return Rejected(wanted, read if isinstance(read, tuple) else ())
    if read != found.tariff:
        await billing.rename_tariff(conn, read)
        await _note(conn, by, f"{found.tariff.name} > {read.name}")
    return read


async def retire(conn: AsyncConnection, tariff_id: str, by: By, *, retired: bool) -> bool:
    """No company gets it any more, or may again; whoever has it keeps it. False: it is so already. Raises
    NotFoundError."""
    found = await tariff_list.one(conn, tariff_id)
    if found is None:
        raise NotFoundError
    done = await billing.retire_tariff(conn, tariff_id, retired=retired)
    if done:
        await _note(conn, by, f"{found.tariff.name} · {'retired' if retired else 'offered'}")
    return done


async def _note(conn: AsyncConnection, by: By, detail: str) -> None:
    await access_log.write_all(conn, AccessEvent.TARIFF_CHANGED, [by.login], by.now, by.where, detail=detail)


async def _note_terms(
    conn: AsyncConnection, by: By, tariff_id: str, before: Terms | None, after: Terms | None, gone: str = ""
) -> None:
    """What is different from what held, or was to hold, until now; `gone`: the day of prices that are
    withdrawn."""
    found = await tariff_list.one(conn, tariff_id)
    name = found.tariff.name if found else ""
    now_is = texts_of(after, ",") if after else {"first_day": gone}
    was = texts_of(before, ",") if before else {"first_day": gone}
    other = [
        f"{field} {was.get(field) or '–'} > {text or '–'}"
        for field, text in now_is.items()
        if was.get(field) != text
    ]
    await _note(conn, by, " · ".join([name, *(other or [f"{gone} > –"])]))
