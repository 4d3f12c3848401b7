"""What waits for a person, why, and what happens when it is sent again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.outbox import notifications, undelivered
from pbx_bridge.storage.outbox.notifications import State
from rules.outbox.undelivered import Why
from tests.sample_company import NOW, SampleCompany, furnish
from tests.stuck_messages import ADDRESS, NUMBER, SECRET, STUCK, all_kinds

LATER = NOW + timedelta(days=3)


@pytest.fixture
async def house(db: Database) -> SampleCompany:
    return await furnish(db)


async def test_what_failed_or_is_uncertain_is_listed_with_its_reason_and_nothing_else(
    db: Database, house: SampleCompany
) -> None:
    made = await all_kinds(db, house)

    async with db.read() as conn:
        found = {one.id: one for one in await undelivered.listed(conn)}
        assert await undelivered.count(conn) == len(STUCK)
        assert await undelivered.listed(conn, "another company") == ()
        assert await undelivered.count(conn, "another company") == 0
        assert len(await undelivered.listed(conn, house.customer_id)) == len(STUCK)

    assert {found[made[name].id].why for name in STUCK if name in found} <= set(Why)
    why = {name: found[made[name].id].why for name in STUCK}
    assert why == {
        "address": Why.ADDRESS,
        "message": Why.MESSAGE,
        "too_old": Why.TOO_OLD,
        "uncertain": Why.UNCERTAIN,
        "reported": Why.REPORTED,
        "uncertain SMS": Why.UNCERTAIN,
        "nobody's": Why.ADDRESS,
    }
    assert set(found) == {made[name].id for name in STUCK}
    assert found[made["address"].id].employee_name == "Beispiel, Erika"
    assert found[made["nobody's"].id].employee_name == ""
    shown = repr(found)
    for hidden in (ADDRESS, NUMBER, SECRET):
        assert hidden not in shown


async def test_sent_again_it_goes_to_the_address_of_now(db: Database, house: SampleCompany) -> None:
    made = await all_kinds(db, house)
    async with db.write() as conn:
        await conn.execute(text("UPDATE employee SET email = 'neu@example.org', mobile = '+491713920099'"))
        await conn.execute(text("UPDATE customer SET default_email = 'zentrale@example.org'"))
        for name in STUCK:
            assert await undelivered.send_again(conn, made[name].id, LATER)
            assert not await undelivered.send_again(conn, made[name].id, LATER), "once"
        for name in ("sent", "waiting"):
            assert not await undelivered.send_again(conn, made[name].id, LATER)
        assert not await undelivered.send_again(conn, "missing", LATER)

    async with db.read() as conn:
        again = {name: await notifications.by_id(conn, made[name].id) for name in STUCK}
    for name, one in again.items():
        assert one is not None
        assert (one.state, one.due_at, one.ordered_at) == (State.WAITING, LATER, LATER), name
    addresses = {name: one.address for name, one in again.items() if one}
    assert addresses["address"] == "neu@example.org"
    assert addresses["reported"] == "+491713920099"
    assert addresses["nobody's"] == "zentrale@example.org"


async def test_whoever_has_no_address_any_more_keeps_the_old_one(db: Database, house: SampleCompany) -> None:
    made = await all_kinds(db, house)
    async with db.write() as conn:
        await conn.execute(text("UPDATE employee SET email = '', mobile = ''"))
        await undelivered.send_again(conn, made["address"].id, LATER)
        one = await notifications.by_id(conn, made["address"].id)
    assert one is not None
    assert one.address == ADDRESS


async def test_a_copy_goes_to_its_own_address(db: Database, house: SampleCompany) -> None:
    made = await all_kinds(db, house)
    async with db.write() as conn:
        await conn.execute(
            text("UPDATE notification SET is_copy = TRUE, address = 'team@example.org' WHERE id = :id"),
            {"id": made["address"].id},
        )
        await undelivered.send_again(conn, made["address"].id, LATER)
        one = await notifications.by_id(conn, made["address"].id)
    assert one is not None
    assert one.address == "team@example.org"
