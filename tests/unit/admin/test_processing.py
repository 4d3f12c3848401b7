"""What the house has to be able to show, read from what is stored and set."""

from __future__ import annotations

from pbx_bridge.settings import RetentionSettings
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access import access_log, second_factors
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.maintenance.retention import Retention
from tests.sample_company import NOW
from tests.unit.admin.office_site import OfficeSite

PATH = "/admin/auftragsverarbeitung"


async def test_it_shows_what_is_so_at_this_moment(office: OfficeSite) -> None:
    async with office.db.write() as conn:
        await access_log.write_all(conn, AccessEvent.LOG_IN, ["anna"], NOW)
        await second_factors.propose(conn, office.house.anna_account, b"0" * 20, NOW)
        await second_factors.confirm(conn, office.house.anna_account, 1)
        found = await second_factors.by_role(conn)
    assert [(one.role, one.log_ins, one.with_factor) for one in found] == [
        ("agent", 2, 1),
        ("operator", 2, 0),
    ]
    status, page = await office.see(PATH)
    assert status == 200
    for words in (
        "zum ersten Mal geprüft",
        "Für Betrieb und Aufsicht ist der zweite Faktor vorgeschrieben.",
        "auf diesem Rechner",
        "abgeschaltet",
        "400 Tage",
    ):
        assert words in page, words

    await Retention(office.db, RetentionSettings(), lambda: NOW).round()
    _, page = await office.see(PATH)
    assert "Das Protokoll ist unverändert" in page
    async with office.db.write() as conn:
        await conn.execute(t.access_log.update().values(login="ben"))
        await conn.execute(t.audit_head.update().values(checked_at=None))
    await Retention(office.db, RetentionSettings(), lambda: NOW).round()
    _, page = await office.see(PATH)
    assert "nicht mehr, wie es geschrieben wurde: Eintrag 1" in page


async def test_it_speaks_english(office: OfficeSite) -> None:
    office.login = "english"
    _, page = await office.see(PATH)
    assert "Who has access" in page
