"""Who has changed a company's data stands in the access log, and so in its chain of hashes."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from pbx_bridge.editing import blocked_callers, employees, pause_reasons, tariffs, teams
from pbx_bridge.editing.bulk import bulk_change
from pbx_bridge.editing.change import Editing, Editor
from pbx_bridge.editing.values import Given
from pbx_bridge.outbox.by_hand import DeliveryByHand
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import accounts, audit_chain
from pbx_bridge.storage.access.account_changes import By
from pbx_bridge.storage.customers import data_version
from pbx_bridge.storage.db.engine import Database
from rules.access.audit_chain import Breach
from rules.billing.terms import Terms
from rules.billing.typed_terms import texts_of
from rules.model import BlockReason
from rules.presence.pause_reasons import PauseChoice
from rules.presence.pause_reasons import texts_of as pauses_of
from tests.sample_company import NOW, SampleCompany, furnish

NUMBER = "+493023125908"
BY = By(NOW, "chefin")
DAY = NOW.date()


@pytest.fixture
async def house(sqlite_db: Database) -> SampleCompany:
    return await furnish(sqlite_db)


async def told(db: Database) -> list[tuple[str, str, str]]:
    c = t.access_log.c
    async with db.read() as conn:
        rows = await conn.execute(select(c.deed, c.login, c.detail).order_by(c.place))
        return [(row.deed, row.login, row.detail) for row in rows]


async def block(db: Database, house: SampleCompany, editor: Editor) -> None:
    async with Editing(db).change(house.customer_id, editor) as change:
        await blocked_callers.block_number(change, NUMBER, BlockReason.ADVERTISING)


async def test_a_change_is_a_link_of_the_chain(sqlite_db: Database, house: SampleCompany) -> None:
    await block(sqlite_db, house, Editor(NOW, None, "chefin"))
    async with Editing(sqlite_db).change(house.customer_id, Editor(NOW, None, "chefin")) as change:
        await employees.delete(change, house.jens)
    assert await told(sqlite_db) == [
        ("data_changed", "chefin", "Mustermann AG · caller_blocked"),
        ("data_changed", "chefin", "Mustermann AG · employee_deleted"),
    ]
    async with sqlite_db.write() as conn:
        assert (await audit_chain.check(conn)).breach is None
        c = t.access_log.c
        await conn.execute(t.access_log.update().where(c.place == 1).values(detail="Mustermann AG · x"))
        assert (await audit_chain.check(conn)).breach is Breach.CHANGED


async def test_an_agent_is_named_by_the_log_in(sqlite_db: Database, house: SampleCompany) -> None:
    await block(sqlite_db, house, Editor(NOW, house.anna_account))
    assert await told(sqlite_db) == [("data_changed", "anna", "Mustermann AG · caller_blocked")]


async def test_what_changes_nothing_is_not_told(sqlite_db: Database, house: SampleCompany) -> None:
    await block(sqlite_db, house, Editor(NOW, None, "chefin"))
    async with Editing(sqlite_db).change(house.customer_id, Editor(NOW, None, "chefin")) as change:
        await blocked_callers.release_number(change, "+493023125909")
    assert len(await told(sqlite_db)) == 1


async def test_a_file_for_many_companies_is_one_entry(sqlite_db: Database, house: SampleCompany) -> None:
    async with bulk_change(sqlite_db, Editor(NOW, login="import")) as change:
        await change.conn.execute(t.customer.update().values(instruction="Bitte durchstellen."))
    async with bulk_change(sqlite_db, Editor(NOW, login="import")) as change:
        await data_version.touch(change.conn, None, NOW)
    assert await told(sqlite_db) == [("data_changed", "import", "Mustermann AG")]


async def test_prices_are_told_with_what_they_were_and_are(sqlite_db: Database, house: SampleCompany) -> None:
    async with sqlite_db.write() as conn:
        tariff = (await conn.execute(select(t.tariff.c.id, t.tariff.c.name))).one()
        typed = texts_of(Terms(DAY, base_micros=30_000_000), ",")
        assert isinstance(await tariffs.add_terms(conn, tariff.id, Given(typed), DAY, BY), Terms)
        later = typed | {"first_day": "2027-01-01", "base_micros": "35,00"}
        assert isinstance(await tariffs.add_terms(conn, tariff.id, Given(later), DAY, BY), Terms)
        assert await tariffs.withdraw_terms(conn, tariff.id, date(2027, 1, 1), DAY, BY)
        assert not await tariffs.withdraw_terms(conn, tariff.id, date(2027, 1, 1), DAY, BY)
    first, second, third = await told(sqlite_db)
    assert first[:2] == second[:2] == third[:2] == ("tariff_changed", "chefin")
    assert first[2].startswith(f"{tariff.name} · first_day ")
    day = f"first_day {DAY.isoformat()} > 2027-01-01"
    assert second[2] == f"{tariff.name} · {day} · base_micros 30,00 > 35,00"
    assert third[2] == f"{tariff.name} · 2027-01-01 > –"


async def test_what_an_operator_decides_by_hand_is_told_without_an_address(
    sqlite_db: Database, house: SampleCompany
) -> None:
    message = {"id": "m", "customer_id": house.customer_id, "channel": "email", "kind": "note", "cc": []}
    state = {"address": "erika@example.org", "body_text": "", "state": "failed", "due_at": NOW}
    async with sqlite_db.write() as conn:
        await conn.execute(t.notification.insert(), message | state | {"created_at": NOW})
    by_hand = DeliveryByHand(sqlite_db, lambda: None, lambda: NOW)
    assert await by_hand.settle("m", "Angerufen", house.anna_account) is True
    assert not await by_hand.send_again("m", house.anna_account), "it is settled"
    assert await told(sqlite_db) == [("message_by_hand", "anna", "Mustermann AG · settled")]


async def test_why_agents_pause_and_in_which_teams_they_are_is_told(
    sqlite_db: Database, house: SampleCompany
) -> None:
    async with sqlite_db.write() as conn:
        typed = pauses_of(PauseChoice("", {"de": "Schulung", "en": "Schulung"}, place=15), ("de", "en"))
        made = await pause_reasons.add(conn, Given(typed), ("de", "en"), BY)
        assert isinstance(made, PauseChoice)
        same = await pause_reasons.save(conn, made.code, lambda _: Given(typed), ("de", "en"), BY)
        assert same == made
        await conn.execute(t.team.insert().values(id="north", name="Team Nord"))
        account = await accounts.by_id(conn, house.anna_account)
        assert account
        await teams.save_agent(conn, account, BY, bound=True, of_teams=["north"], languages=["de", "en"])
    entries = [one for one in await told(sqlite_db) if one[0] != "bound"]
    assert entries == [
        ("pause_reason_changed", "chefin", "– > Schulung · 15"),
        ("agent_teams", "anna", "– > Team Nord"),
        ("agent_languages", "anna", "de > de, en"),
    ]
