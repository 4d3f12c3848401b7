"""A company is released, rests and ends: what that does to its lines, its log-ins and at last to its data."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from pbx_bridge.admin.company_upkeep import CompanyUpkeep
from pbx_bridge.auth.sessions import Sessions
from pbx_bridge.editing import service_state, undoing
from pbx_bridge.editing.change import Editing, Editor
from pbx_bridge.editing.change_codes import OwnChangeCode
from pbx_bridge.errors import NotFoundError
from pbx_bridge.settings import Settings
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import accounts
from pbx_bridge.storage.access.accounts import Account, Role
from pbx_bridge.storage.customers import customers, line_list, lines
from pbx_bridge.storage.customers.line_list import LineSearch, PoolState
from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.sql import insert_all
from pbx_bridge.storage.erasure import protocol
from pbx_bridge.storage.undo.undo import Reach
from rules.customers.service_state import StateRefusal, erased_from
from rules.decision import Refused
from rules.vocabulary import ErasureKind, ServiceState
from tests.sample_company import NOW, SampleCompany, arrive, furnish

OFFICE = Editor(NOW, login="office")
KEPT = timedelta(days=30)
S = ServiceState


async def decide(
    db: Database, house: SampleCompany, wanted: ServiceState, seen: ServiceState = S.LIVE
) -> ServiceState | Refused:
    async with Editing(db).change(house.customer_id, OFFICE) as change:
        return await service_state.decide(change, seen.value, wanted.value)


async def state_of(db: Database, house: SampleCompany) -> ServiceState | None:
    async with db.read() as conn:
        return await customers.service(conn, house.customer_id)


async def logged_in(db: Database, house: SampleCompany, sessions: Sessions) -> str:
    account = Account("", "mustermann", Role.CUSTOMER, customer_id=house.customer_id)
    async with db.write() as conn:
        account_id = await accounts.insert(conn, account, "no password", NOW)
        found = await accounts.by_id(conn, account_id)
        assert found
        token, _ = await sessions.begin(conn, found)
    return token


async def test_it_rests_and_goes_on_and_both_are_in_the_log(db: Database) -> None:
    house = await furnish(db)
    assert await decide(db, house, S.SUSPENDED) is S.SUSPENDED
    async with db.read() as conn:
        company = await customers.load_customer(conn, house.customer_id)
    assert company
    assert company.service is S.SUSPENDED, "whoever holds it in memory knows"
    assert await decide(db, house, S.ENDED) == Refused(StateRefusal.MEANWHILE), "it was seen live"
    assert await decide(db, house, S.LIVE, S.SUSPENDED) is S.LIVE
    async with db.read() as conn:
        found = await conn.execute(select(t.access_log).order_by(t.access_log.c.id))
        told = [(row.deed, row.login, row.detail) for row in found]
    assert told == [
        ("company_state", "office", "Mustermann AG · live > suspended"),
        ("company_state", "office", "Mustermann AG · suspended > live"),
    ]


async def test_at_its_end_lines_are_free_and_nobody_is_logged_in(db: Database) -> None:
    house = await furnish(db)
    sessions = Sessions(db, Settings().auth, lambda: NOW)
    token = await logged_in(db, house, sessions)
    assert await sessions.find(token)
    assert await decide(db, house, S.ENDED) is S.ENDED
    assert await sessions.find(token) is None
    async with db.read() as conn:
        assert [(one.number, one.customer_id) for one in await lines.load_all(conn)] == [
            ("+493023125100", None)
        ]
        (free,), _ = await line_list.listed(conn, LineSearch(kind=PoolState.FREE))
        assert (free.number, free.since) == ("+493023125100", NOW), "the next new company is offered it"
        company = await customers.load_customer(conn, house.customer_id)
    assert company
    assert company.public_numbers == ()
    assert len(company.employees) == 2, "its data is there until its term is over"
    assert await decide(db, house, S.SUSPENDED, S.ENDED) is S.SUSPENDED, "it may be taken up again"
    with pytest.raises(NotFoundError):
        async with Editing(db).change("none", OFFICE) as change:
            await service_state.decide(change, "live", "ended")


async def test_nothing_is_taken_back_in_a_company_that_has_ended(db: Database) -> None:
    house, editing = await furnish(db), Editing(db)

    async def instructed(text: str) -> str:
        async with editing.change(house.customer_id, OFFICE) as change:
            await change.record(OwnChangeCode.COMPANY_SAVED, Reach(company=True))
            await change.conn.execute(t.customer.update().values(instruction=text))
        assert change.step
        return change.step

    before = await instructed("Bitte durchstellen.")
    assert await decide(db, house, S.ENDED) is S.ENDED
    after = await instructed("Niemanden mehr durchstellen.")
    async with editing.change(house.customer_id, OFFICE) as change:
        assert await undoing.take_back(change, after) == Refused("undo_company_ended")
    assert await decide(db, house, S.SUSPENDED, S.ENDED) is S.SUSPENDED
    async with editing.change(house.customer_id, OFFICE) as change:
        assert await undoing.take_back(change, before) == Refused("not_found"), (
            "its log-ins were locked since"
        )
        assert await undoing.take_back(change, after) is None


async def test_an_end_waits_for_the_last_call(db: Database) -> None:
    house, editing = await furnish(db), Editing(db)
    upkeep = CompanyUpkeep(db, editing, KEPT, lambda: NOW)
    async with db.write() as conn:
        await arrive(conn, house)
    assert await decide(db, house, S.ENDED) is S.ENDING
    await upkeep.round()
    assert await state_of(db, house) is S.ENDING
    async with db.read() as conn:
        assert [one.customer_id for one in await lines.load_all(conn)] == [house.customer_id]
    async with db.write() as conn:
        await conn.execute(t.call.update().values(ended_at=NOW))
    await upkeep.round()
    assert await state_of(db, house) is S.ENDED
    async with db.read() as conn:
        assert [one.customer_id for one in await lines.load_all(conn)] == [None]


async def test_its_data_goes_when_the_term_is_over_and_no_other_company_loses_any(db: Database) -> None:
    house, editing = await furnish(db), Editing(db)
    async with db.write() as conn:
        await arrive(conn, house)
        await conn.execute(t.call.update().values(ended_at=NOW))
        row = dict((await conn.execute(t.customer.select())).mappings().one())
        await insert_all(conn, t.customer, [row | {"id": "other", "name": "Praxis Dr. Sommer"}])
    assert await decide(db, house, S.ENDED) is S.ENDED
    over = erased_from(NOW, "Europe/Berlin", KEPT)
    await CompanyUpkeep(db, editing, KEPT, lambda: over).round()
    assert await state_of(db, house) is S.ENDED
    await CompanyUpkeep(db, editing, KEPT, lambda: over + timedelta(seconds=1)).round()
    async with db.read() as conn:
        lines_of_protocol, _ = await protocol.listed(conn)
        told = [row for row in await conn.execute(select(t.access_log)) if row.deed == "data_erased"]
        assert [(row.login, row.detail) for row in told] == [("pbx-bridge", "Mustermann AG · company")]
        for table in (t.call, t.employee, t.vip_caller, t.faq_entry, t.appointment):
            assert (await conn.execute(select(func.count()).select_from(table))).scalar_one() == 0, table.name
        assert (await conn.execute(select(t.customer.c.id))).scalars().all() == ["other"]
    (line,) = lines_of_protocol
    counts = {kind: line.counts.get(kind) for kind in ("calls", "employee", "company")}
    assert (line.kind, counts) == (ErasureKind.RETENTION, {"calls": 1, "employee": 2, "company": 1})
