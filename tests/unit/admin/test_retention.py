"""How long a company's data stay: set in the office, kept by the next round."""

from __future__ import annotations

from datetime import UTC, timedelta
from functools import partial

from pbx_bridge.settings import RetentionSettings
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.maintenance.retention import Retention
from tests.sample_company import NOW, arrive
from tests.unit.admin.office_site import OfficeSite


async def test_a_company_may_have_its_own_time_and_the_others_keep_that_of_the_house(
    office: OfficeSite,
) -> None:
    here = f"/admin/unternehmen/{office.house.customer_id}/aufbewahrung"
    _, page = await office.see(here)
    assert "im Haus üblich sind 90" in page
    status, page, _ = await office.send(here, here, call_days="3", version="")
    assert status == 422
    assert "von 7 bis 1095" in page
    _, text = await office.see(here)
    version = text.partition('name="version" value="')[2].partition('"')[0]
    _, page, _ = await office.send(here, here, call_days="30", note_days="", outbox_days="", version=version)
    assert "Gespeichert. Es gilt ab der nächsten vollen Stunde." in page

    async with office.db.write() as conn:
        mine = await arrive(conn, office.house, pbx="1")
        nobodys = await arrive(conn, office.house, pbx="2")
        await conn.execute(t.call.update().values(ended_at=NOW, outcome="closed"))
        await conn.execute(t.call.update().where(t.call.c.id == nobodys).values(customer_id=None))
    for days, left in ((29, {mine, nobodys}), (31, {nobodys}), (91, set())):
        later = NOW + timedelta(days=days)
        await Retention(office.db, RetentionSettings(), partial(later.astimezone, UTC)).round()
        async with office.db.read() as conn:
            assert set((await conn.execute(t.call.select().with_only_columns(t.call.c.id))).scalars()) == left
    _, page = await office.see("/admin/loeschprotokoll")
    assert page.count("Frist abgelaufen") == 2, "a line a day"
