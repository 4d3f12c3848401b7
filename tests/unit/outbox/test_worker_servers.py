"""A mail server or gateway in trouble: all waits, one message asks again, nothing is given up for days.

The operator hears of it once, and when it is back everything goes out once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from pbx_bridge import metrics
from pbx_bridge.outbox.transports.mail.smtp import SmtpTransport
from pbx_bridge.outbox.transports.transport import Failed, Outcome, Uncertain
from pbx_bridge.settings import Secret
from pbx_bridge.storage.outbox import notifications
from pbx_bridge.storage.outbox import worker as outbox
from pbx_bridge.storage.outbox.notifications import State
from rules.model import Channel
from rules.outbox.mail_answers import About
from rules.outbox.notification import given_up_after
from tests.clumsy_mail_server import ClumsyServer, running_clumsy_server
from tests.mail_server import running_mail_server
from tests.sample_company import NOW, furnish
from tests.unit.outbox.office import Office, at_work
from tests.until import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from pbx_bridge.storage.db.engine import Database

CLOSED = Failed("smtp_554", permanent=False, detail="no service", about=About.SERVER)
MANY = 30
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def office(sqlite_db: Database) -> Office:
    """What is decided here no database sees."""
    return Office(sqlite_db, await furnish(sqlite_db))


@pytest.fixture
async def server(office: Office) -> AsyncIterator[ClumsyServer]:
    async with running_clumsy_server() as running:
        office.mail = SmtpTransport(running.settings(), lambda: office.now)  # type: ignore[assignment]  # real
        yield running


async def waiting(office: Office, channel: Channel = Channel.EMAIL) -> int:
    async with office.db.read() as conn:
        return await outbox.waiting(conn, channel)


async def all_gone(office: Office, channel: Channel = Channel.EMAIL) -> None:
    for _ in range(1500):
        if not await waiting(office, channel):
            return
        await asyncio.sleep(0.01)
    raise AssertionError(await waiting(office, channel))


async def time_passes(office: Office, happened: Callable[[], object], message: str, by: float = 60) -> None:
    """Turn the clock on until it has happened; how long that took, tests of the rule know better."""

    def later() -> object:
        office.now += timedelta(seconds=by)
        return happened()

    await until(later, message=message)


async def test_days_of_a_closed_server_cost_no_message_and_few_tries(
    office: Office, server: ClumsyServer
) -> None:
    server.answers["greeting"] = b"554 no service for f\xfcr you\r\n"
    ids = [await office.put() for _ in range(MANY)]

    async with at_work(office) as worker:
        await until(lambda: worker.health[Channel.EMAIL] == "down", message="seen")
        since = worker.since[Channel.EMAIL]
        for _ in range(MANY):
            before = server.connections
            await time_passes(office, lambda: server.connections > before, "asked again", 600)  # noqa: B023
        office.now = max(office.now, NOW + 3 * DAY)
        assert await waiting(office) == MANY, "nothing is given up"
        assert worker.since[Channel.EMAIL] == since
        assert worker.health[Channel.EMAIL] == "down"

        server.answers.clear()
        await time_passes(office, lambda: worker.health[Channel.EMAIL] == "up", "open again")
        await all_gone(office)
        assert worker.health[Channel.EMAIL] == "up"
        assert Channel.EMAIL not in worker.since

    assert len(server.accepted) == MANY, "each once"
    assert {(await office.look(one)).state for one in ids} == {State.SENT}


async def test_while_it_is_closed_one_message_asks_and_never_the_same(office: Office) -> None:
    """However many hands and messages there are; another one each time, as the first may be to blame."""
    office.mail.answers = [CLOSED] * 1000
    for _ in range(MANY):
        await office.put()

    async with at_work(office) as worker:
        await until(lambda: worker.health[Channel.EMAIL] == "down", message="seen")
        await until(lambda: not worker.busy, message="the others that were under way")
        assert len(office.mail.given) <= 2, "at most what was under way together"
        office.mail.hold = asyncio.Event()
        before = len(office.mail.given)
        await time_passes(office, lambda: len(office.mail.given) > before, "one asks again")
        office.now += HOUR
        worker.wake()
        await until(lambda: worker.busy == 1, message="the other hands had their turn")
        assert len(office.mail.given) == before + 1
        office.mail.hold.set()
        await time_passes(office, lambda: len(office.mail.given) > before + 1, "and one more")

    asked = [message.id for message in office.mail.given[: before + 2]]
    assert len(set(asked)) == len(asked)


async def test_the_operator_is_told_once_and_when_it_is_over(office: Office) -> None:
    office.mail.answers = [CLOSED] * 6
    one = await office.put()

    with capture_logs() as logs:
        async with at_work(office):
            await time_passes(office, lambda: len(office.mail.given) == 7, "six times in vain")
            await office.becomes(one, State.SENT)

    said = [(line["event"], line.get("reason"), line.get("detail")) for line in logs]
    assert said.count(("delivery_down", "smtp_554", "no service")) == 1
    assert [event for event, _, _ in said].count("delivery_up") == 1


async def test_machines_can_ask_how_it_is(office: Office) -> None:
    def figure(name: str) -> float | None:
        return metrics.REGISTRY.get_sample_value(name, {"channel": "email"})

    metrics.DELIVERY_UP.clear()  # other tests of this process have left theirs
    metrics.OUTBOX_WAITING.clear()
    office.mail.answers = [CLOSED]
    one = await office.put()

    async with at_work(office) as worker:
        await until(lambda: figure("pbx_delivery_up") == 0, message="down")
        assert worker.health[Channel.EMAIL] == "down"
        await until(lambda: figure("pbx_outbox_waiting") == 1, message="one waits")
        await time_passes(office, lambda: figure("pbx_delivery_up") == 1, "up again")
        await office.becomes(one, State.SENT)


async def test_one_bad_address_among_many_closes_nothing(office: Office, server: ClumsyServer) -> None:
    server.answers["rcpt nobody@example.org"] = b"550 5.1.1 unknown\r\n"
    server.answers["rcpt later@example.org"] = b"450 4.2.1 later\r\n"
    ids = [await office.put(address=f"{name}@example.org") for name in ("nobody", "later", "erika", "jens")]

    async with at_work(office) as worker:
        await office.becomes(ids[2], State.SENT)
        await office.becomes(ids[3], State.SENT)
        assert worker.health[Channel.EMAIL] == "up"
        await office.becomes(ids[0], State.FAILED)
        assert (await office.look(ids[1])).state is State.WAITING


async def test_a_message_that_the_server_cannot_bear_does_not_hold_up_the_others(office: Office) -> None:
    """Nobody sees from one answer whether it is the server or the message: the next one shows."""
    poison: Outcome = Uncertain("no_answer_after_data")
    office.mail.answers = [poison]
    first = await office.put()

    async with at_work(office) as worker:
        await office.tried(first)
        others = [await office.put() for _ in range(5)]
        office.now += timedelta(seconds=3)
        worker.wake()
        for other in others:
            await office.becomes(other, State.SENT)
        assert (await office.look(first)).state is State.WAITING


async def test_doubt_makes_three_copies_at_most(office: Office) -> None:
    office.mail.answers = [Uncertain("no_answer_after_data")] * 40
    one = await office.put()

    async with at_work(office):
        await time_passes(office, lambda: len(office.mail.given) == 3, "sent again, twice")
        found = await office.becomes(one, State.UNCERTAIN)

    assert (found.attempts, len(office.mail.given)) == (3, 3)
    assert [message.possible_duplicate for message in office.mail.given] == [False, True, True]


@pytest.mark.parametrize(
    "broken,reason",
    [
        ({"ca_file": "missing.pem"}, "mail.ca_file cannot be read: No such file or directory"),
        ({"ca_file": "/dev/null"}, "mail.ca_file cannot be read"),
        ({"ca_file": ""}, "certificate: self-signed certificate"),
        ({"password": Secret("wrong")}, "smtp_535"),
        ({"username": ""}, "smtp_530"),
        ({"port": 9}, "mail_server_unreachable"),
        ({"tls": True, "starttls": "never"}, "mail_tls"),
        ({"starttls": "never"}, "mail_no_login"),
        ({"from_address": "Sekretariat"}, "mail.from_address"),
        ({"host": "nowhere..example"}, "mail.host"),
    ],
    ids=str,
)
async def test_a_set_up_of_ours_that_is_wrong_costs_no_message(
    office: Office, tmp_path: Path, broken: dict[str, object], reason: str
) -> None:
    """The message waits, the desks show that mail is down, and the reason is named; mended, it goes out."""
    async with running_mail_server(tmp_path) as mail:
        office.mail = SmtpTransport(mail.settings(**broken), lambda: office.now)  # type: ignore[assignment]
        one = await office.put()
        async with at_work(office) as worker:
            for number in (1, 2):
                await office.tried(one, number)
                assert worker.health[Channel.EMAIL] == "down"
                office.now += HOUR
        async with office.db.read() as conn:
            attempts = await notifications.attempts_of(conn, one)
        assert (await office.look(one)).state is State.WAITING
        assert reason in attempts[0].detail
        assert {attempt.about for attempt in attempts} == {About.SERVER}

        office.mail = SmtpTransport(mail.settings(), lambda: office.now)  # type: ignore[assignment]
        async with at_work(office) as worker:
            await time_passes(office, lambda: worker.health[Channel.EMAIL] == "up", "mended")
            await office.becomes(one, State.SENT)
        assert len(mail.inbox) == 1


@pytest.mark.parametrize("channel", Channel)
async def test_what_waits_too_long_is_given_up_and_seen(office: Office, channel: Channel) -> None:
    one = await office.put(channel)
    office.now += given_up_after(channel) + HOUR

    async with at_work(office):
        await office.becomes(one, State.FAILED)

    assert not office.mail.given
    assert not office.sms.given
    async with office.db.read() as conn:
        (attempt,) = await notifications.attempts_of(conn, one)
        assert [stuck.id for stuck in await notifications.stuck(conn, NOW)] == [one]
    assert attempt.detail == "too_old"
    assert office.told, "whoever wrote the note is told"


async def test_what_waits_for_a_way_that_is_switched_off_is_given_up_in_time(office: Office) -> None:
    old = await office.put(Channel.SMS)
    office.off.add(Channel.SMS)
    office.now += given_up_after(Channel.SMS) - HOUR

    async with at_work(office) as worker:
        await until(lambda: worker.health[Channel.SMS] == "off")
        mail = await office.put()
        worker.wake()
        await office.becomes(mail, State.SENT)
        assert await waiting(office, Channel.SMS) == 1
    office.now += 2 * HOUR
    async with at_work(office):
        await office.becomes(old, State.FAILED)


async def test_what_a_person_has_sent_again_has_its_time_anew(office: Office) -> None:
    office.mail.answers = [Failed("smtp_550", permanent=True)]
    one = await office.put()
    async with at_work(office) as worker:
        await office.becomes(one, State.FAILED)
        office.now += timedelta(days=30)
        async with office.db.write() as conn:
            assert await notifications.requeue(conn, one, office.now)
        worker.wake()
        await office.becomes(one, State.SENT)
