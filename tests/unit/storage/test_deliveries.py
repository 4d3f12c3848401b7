"""What hangs in the outbox, for the house: found, sent elsewhere, settled by hand. On both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pbx_bridge.storage.db.engine import Database
from pbx_bridge.storage.db.ids import new_id
from pbx_bridge.storage.outbox import deliveries, notifications
from pbx_bridge.storage.outbox.deliveries import DeliveryChoice, DeliverySearch
from pbx_bridge.storage.outbox.notifications import Notification, Outcome, State
from rules.model import Channel, MessageKind
from rules.office.needs import Concern, Sighting
from tests.sample_company import NOW, SampleCompany, furnish
from tests.stuck_messages import ADDRESS, STUCK, all_kinds

MINUTE = timedelta(minutes=1)
LATER = NOW + 20 * MINUTE


@pytest.fixture
async def house(db: Database) -> SampleCompany:
    return await furnish(db)


async def test_each_choice_finds_its_own_and_counts_them(db: Database, house: SampleCompany) -> None:
    made = await all_kinds(db, house)
    uncertain = {"uncertain", "uncertain SMS"}
    wanted = {
        DeliveryChoice.STUCK: set(STUCK),
        DeliveryChoice.FAILED: set(STUCK) - uncertain,
        DeliveryChoice.UNCERTAIN: uncertain,
        DeliveryChoice.UNDER_WAY: {"waiting"},
        DeliveryChoice.OVERDUE: {"waiting"},
        DeliveryChoice.ALL: {*STUCK, "waiting"},
    }
    names = {one.id: name for name, one in made.items()}
    async with db.read() as conn:
        for choice, expected in wanted.items():
            search = DeliverySearch(choice, LATER)
            found, total = await deliveries.listed(conn, search)
            assert {names[one.message.id] for one in found} == expected, choice
            assert total == len(expected)
        overdue = DeliverySearch(DeliveryChoice.OVERDUE, NOW - MINUTE)
        assert await deliveries.listed(conn, overdue) == ((), 0)
        some = DeliverySearch(DeliveryChoice.STUCK, LATER, "mann MUSTER", Channel.SMS)
        assert (await deliveries.listed(conn, some))[1] == 2
        assert (await deliveries.listed(conn, replace(some, words="Muster Sommer")))[1] == 0
        parts = [
            (await deliveries.listed(conn, DeliverySearch(DeliveryChoice.STUCK, LATER), skip=n, most=3))[0]
            for n in (0, 3, 6)
        ]
        assert len({one.message.id for part in parts for one in part}) == len(STUCK)
        assert await deliveries.sighted(conn, LATER) == (
            Sighting(Concern.FAILED, 5, NOW),
            Sighting(Concern.UNCERTAIN, 2, NOW),
            Sighting(Concern.OVERDUE, 1, NOW),
        )


async def test_it_is_sent_to_another_address_unless_it_is_there_or_just_going(
    db: Database, house: SampleCompany
) -> None:
    made = await all_kinds(db, house)
    async with db.write() as conn:
        for name in ("address", "uncertain", "waiting"):
            assert await deliveries.send_to(conn, made[name].id, "neu@example.org", LATER), name
            one = await notifications.by_id(conn, made[name].id)
            assert one
            told = (one.address, one.state, one.due_at, one.again_at)
            assert told == ("neu@example.org", State.WAITING, LATER, LATER)
        assert not await deliveries.send_to(conn, made["sent"].id, "neu@example.org", LATER)
        (taken, *_) = await notifications.claim_due(conn, LATER, LATER + MINUTE)
        assert not await deliveries.send_to(conn, taken.id, "x@example.org", LATER), "somebody sends it"
        assert not await deliveries.settle(conn, taken.id, "erledigt", LATER)


async def test_the_key_to_a_log_in_goes_nowhere_else_and_leaves_no_trace(
    db: Database, house: SampleCompany
) -> None:
    key = Notification(
        new_id(), None, None, Channel.EMAIL, MessageKind.PASSWORD, ADDRESS, "geheimer Link",
        due_at=NOW, created_at=NOW, account_id=house.anna_account, state=State.FAILED,
    )  # fmt: skip
    async with db.write() as conn:
        await notifications.insert(conn, [key])
        assert not await deliveries.send_to(conn, key.id, "neu@example.org", LATER)
        assert await deliveries.settle(conn, key.id, "am Telefon geholfen", LATER)
        stored = await notifications.by_id(conn, key.id)
    assert stored
    assert (stored.state, stored.body_text, stored.address) == (State.SENT, "", ADDRESS)


async def test_what_is_settled_by_hand_keeps_its_reason_as_the_last_try(
    db: Database, house: SampleCompany
) -> None:
    made = await all_kinds(db, house)
    async with db.write() as conn:
        assert await deliveries.settle(conn, made["address"].id, "angerufen", LATER)
        assert not await deliveries.settle(conn, made["address"].id, "noch einmal", LATER), "it is settled"
        assert not await deliveries.settle(conn, made["sent"].id, "angekommen", LATER)
        found = await deliveries.one(conn, made["address"].id)
        assert await notifications.claim_due(conn, LATER, LATER, channel=Channel.SMS) == ()
        assert await deliveries.one(conn, "none") is None
    assert found
    first, last = found[1]
    assert (first.outcome, first.detail) == (Outcome.FAILED, "smtp_550 5.1.1 unknown")
    assert (last.number, last.outcome, last.detail) == (2, Outcome.SENT, "by_hand angerufen")
    assert found[0].message.state is State.SENT
