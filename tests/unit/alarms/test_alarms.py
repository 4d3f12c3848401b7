"""Who runs the house is told of what is in trouble: once, by mail or else by SMS, over a restart and without
the database, and of nobody's name, address or number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from pbx_bridge.alarms.systems import Systems
from pbx_bridge.alarms.telling import AlarmTelling
from pbx_bridge.alarms.watching import AlarmState, AlarmWatch
from pbx_bridge.alarms.words import AlarmWords
from pbx_bridge.outbox.transports.transport import Failed, Outcome, Outgoing, Sent, Uncertain
from pbx_bridge.settings import AlarmSettings, RetentionSettings
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.db.engine import Database, StorageUnavailable
from pbx_bridge.storage.maintenance.retention import Retention
from pbx_bridge.storage.outbox import alarms
from pbx_bridge.web.i18n import languages
from rules.model import Channel
from rules.office.alarms import CAUSES, Alarm, AlarmNews, AlarmTerms
from rules.office.needs import Concern, Sighting
from tests.sample_company import NOW, furnish
from tests.stuck_messages import ADDRESS, NUMBER, SECRET, all_kinds

MINUTE = timedelta(minutes=1)
TERMS = AlarmTerms(30 * MINUTE, 5 * MINUTE, 240 * MINUTE)
TOLD = "betrieb@example.org"
BOTH = AlarmSettings(to=(TOLD, "zwei@example.org"), sms_to="+491713920099")


@dataclass
class PlayedWay:
    """A transport that keeps what it is given; `outcome`: what comes of it."""

    outcome: Outcome = field(default_factory=Sent)
    sent: list[Outgoing] = field(default_factory=list)

    async def send(self, message: Outgoing) -> Outcome:
        self.sent.append(message)
        return self.outcome

    async def check(self) -> None:
        """Nobody looks here."""


@dataclass
class PlayedOperator:
    """Everything around the round; `minute` says when it is."""

    db: Database
    settings: AlarmSettings = BOTH
    minute: float = 0
    mail: PlayedWay = field(default_factory=PlayedWay)
    sms: PlayedWay = field(default_factory=PlayedWay)
    link: Any = field(default_factory=lambda: SimpleNamespace(up=True, since=NOW, reason=""))
    storage: Any = field(default_factory=lambda: SimpleNamespace(up=True, since=NOW))
    state: AlarmState = field(default_factory=lambda: AlarmState(2))

    def clock(self) -> datetime:
        return NOW + self.minute * MINUTE

    def watch(self) -> AlarmWatch:
        """As a process has it that has just begun."""
        seen = cast(Any, SimpleNamespace(link=self.link))
        store = cast(Any, SimpleNamespace(state=self.storage, reasons=()))
        systems = Systems(seen, store, dict.fromkeys(Channel, "up"), {})
        ways = {Channel.EMAIL: self.mail, Channel.SMS: self.sms}
        telling = AlarmTelling(self.settings, ways, "https://office.example.org", "example.org")
        return AlarmWatch(self.db, systems, TERMS, telling.tell, self.state, self.clock)

    @contextmanager
    def database_away(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        def refused(**_: object) -> None:
            raise StorageUnavailable("unreachable")

        with monkeypatch.context() as away:
            away.setattr(self.db, "read", refused)
            away.setattr(self.db, "write", refused)
            yield


async def test_from_the_first_mail_to_the_all_clear_over_a_restart(db: Database) -> None:
    operator = PlayedOperator(db)
    await all_kinds(db, await furnish(db))
    watch = operator.watch()
    for minute in (0, 29, 30, 31, 60):
        operator.minute = minute
        await watch.look()
    (mail,) = operator.mail.sent
    assert (mail.address, mail.cc) == (TOLD, ("zwei@example.org",))
    assert mail.subject == "Alarm: 5 Nachrichten wurden nicht zugestellt (und 2 weitere Punkte)"
    assert "Eine Nachricht wartet zu lange auf den Versand, zuerst 10:00 Uhr." in mail.text
    assert 'href="https://office.example.org/admin"' in mail.html
    for secret in (ADDRESS, NUMBER, SECRET, "Mustermann", "Beispiel"):
        assert secret not in mail.text + mail.subject + mail.html

    watch = operator.watch()  # another process
    operator.minute = 61
    await watch.look()
    assert len(operator.mail.sent) == 1, "it was told by the one before"
    async with db.write() as conn:
        await conn.execute(t.notification.update().values(state="sent"))
    for minute in (62, 66, 68, 75):
        operator.minute = minute
        await watch.look()
    (_, over) = operator.mail.sent
    what = "Nachrichten, die nicht zugestellt wurden"
    assert over.subject == f"Entwarnung, behoben: {what} (und 2 weitere Punkte)"
    assert "von 10:00 Uhr bis 11:02 Uhr." in over.text

    async with db.read() as conn:
        past = await alarms.latest(conn, 10)
        assert {one.cause for one in past} == {"failed", "uncertain", "overdue"}
        assert {one.over_at for one in past} == {NOW + 68 * MINUTE}
        assert await alarms.present(conn) == ()
        assert await alarms.last_told(conn) == NOW + 68 * MINUTE
    later = NOW + timedelta(days=91)
    await Retention(db, RetentionSettings(access_days=90), lambda: later).round()
    async with db.read() as conn:
        assert await alarms.latest(conn, 10) == ()


@pytest.mark.parametrize("outcome", [Failed("down", permanent=False), Uncertain("no_answer")])
async def test_where_the_mail_does_not_go_out_an_sms_does(sqlite_db: Database, outcome: Outcome) -> None:
    operator = PlayedOperator(sqlite_db, minute=5, mail=PlayedWay(outcome))
    operator.link.up = False
    await operator.watch().look()
    (sms,) = operator.sms.sent
    assert sms.address == "+491713920099"
    assert sms.text == (
        "Sekretariat: Die Telefonanlage antwortet nicht, seit 10:00 Uhr. https://office.example.org/admin"
    )
    assert operator.state.unheard_since is None
    async with sqlite_db.read() as conn:
        (past,) = await alarms.latest(conn, 10)
    assert past.told_by is Channel.SMS


async def test_what_reached_nobody_is_tried_again_and_shown_meanwhile(sqlite_db: Database) -> None:
    down = Failed("down", permanent=False)
    operator = PlayedOperator(sqlite_db, minute=5, mail=PlayedWay(down), sms=PlayedWay(down))
    operator.link.up = False
    watch = operator.watch()
    await watch.look()
    operator.minute = 6
    await watch.look()
    assert operator.state.unheard_since == NOW + 5 * MINUTE
    operator.mail.outcome, operator.minute = Sent(), 7
    await watch.look()
    assert operator.state.unheard_since is None
    assert len(operator.mail.sent) == 3
    await watch.look()
    assert len(operator.mail.sent) == 3


async def test_nobody_knows_whether_the_only_way_went_out(sqlite_db: Database) -> None:
    """It counts as told: else each minute would bring another one."""
    alone = AlarmSettings(to=(TOLD,))
    operator = PlayedOperator(sqlite_db, alone, minute=5, mail=PlayedWay(Uncertain("no_answer")))
    operator.link.up = False
    watch = operator.watch()
    await watch.look()
    operator.minute = 6
    await watch.look()
    assert len(operator.mail.sent) == 1
    assert operator.sms.sent == []


async def test_a_database_that_is_away_is_told_and_settles_nothing(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator = PlayedOperator(sqlite_db)
    await all_kinds(sqlite_db, await furnish(sqlite_db))
    watch = operator.watch()
    operator.minute = 30
    await watch.look()
    with operator.database_away(monkeypatch):
        operator.storage.up, operator.storage.since = False, NOW + 31 * MINUTE
        for minute in (31, 36, 40, 41):
            operator.minute = minute
            await watch.look()
        assert [mail.subject for mail in operator.mail.sent][1:] == [
            "Alarm: Die Datenbank kann nichts speichern"
        ]
    operator.minute = 42
    await watch.look()
    async with sqlite_db.read() as conn:
        assert {one.cause for one in await alarms.present(conn)} == {
            Concern.FAILED,
            Concern.UNCERTAIN,
            Concern.OVERDUE,
            Concern.STORAGE,
        }, "stored when that was possible again"


async def test_where_nobody_is_to_be_told_nothing_runs(sqlite_db: Database) -> None:
    operator = PlayedOperator(sqlite_db, state=AlarmState(0))
    await operator.watch().run()
    assert operator.mail.sent == []


@pytest.mark.parametrize("locale", languages())
def test_every_cause_has_its_words(locale: str) -> None:
    words = AlarmWords(locale, "https://office.example.org/admin")
    for count in (1, 3):
        seen = tuple(Sighting(cause, count, NOW - timedelta(days=1)) for cause in CAUSES)
        news = AlarmNews(seen, seen, tuple(Alarm(cause, NOW, NOW, NOW) for cause in CAUSES))
        said = [words.subject(news), words.text(news, NOW), words.sms(news, NOW)]
        assert re.findall(r"\b(?:cause|over|line|mail|sms|subject)\.[a-z]+", " ".join(said)) == []
        over = AlarmNews(over=news.over)
        assert words.subject(over)
        assert words.sms(over, NOW).count("https://") == 1
