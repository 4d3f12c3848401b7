"""What happens to a company's callers when nobody is free is set here, and nowhere promised in vain."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import get_ident
from typing import Any

import pytest
from sqlalchemy import select

from pbx_bridge.editing import undoing
from pbx_bridge.editing.change import Editing, Editor
from pbx_bridge.errors import Refused
from pbx_bridge.settings import NobodyFreeSettings
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.customers import customers
from rules.fields.nobody_free import Ending, NobodyFree, Outside
from rules.text.working_hours import DAYS, WorkingHours, write_week
from tests.sample_company import NOW
from tests.unit.admin.office_site import OfficeSite

SENT = {
    "hours": "Mo-Fr 8-18", "outside": "message", "after": "40", "ending": "busy", "announcement": "",
    "call_back": "", "music": "",
}  # fmt: skip

CHOPPED = ";".join(
    f"{day} " + ",".join(f"{hour}-{hour + 1}" for hour in range(at % 2, 23, 2)) for at, day in enumerate(DAYS)
)
"""Another hour each time, on each day: more than the manager takes in a line."""


def path_of(office: OfficeSite) -> str:
    return f"/admin/unternehmen/{office.house.customer_id}/niemand-frei"


async def send(office: OfficeSite, **sent: str) -> tuple[int, str]:
    _, page = await office.see(path_of(office))
    version = page.partition('name="version" value="')[2].partition('"')[0]
    status, page, _ = await office.send(path_of(office), path_of(office), version=version, **{**SENT, **sent})
    await office.remember()
    return status, page


async def stored(office: OfficeSite) -> NobodyFree | None:
    async with office.db.read() as conn:
        company = await customers.load_customer(conn, office.house.customer_id)
    assert company
    return company.nobody_free


async def test_it_is_stored_recorded_and_can_be_taken_back(office: OfficeSite) -> None:
    async with office.db.write() as conn:
        await conn.execute(t.customer.update().values(state="BE"))
    assert await stored(office) is None
    status, page = await send(office)
    assert (status, "Gespeichert." in page) == (200, True)
    policy = await stored(office)
    assert policy
    assert isinstance(policy.hours, WorkingHours)
    assert (write_week(policy.hours.week), policy.hours.state) == ("Mo–Fr 08:00–18:00", "BE")
    assert (policy.outside, policy.after, policy.ending) == (Outside.MESSAGE, 40, Ending.BUSY)
    async with office.db.write() as conn:
        step = (await conn.execute(select(t.undo_step))).one()
        assert step.deed == "nobody_free_saved"
    assert f'value="{step.id}"' in page, "the button beside what was said"
    async with Editing(office.db).change(office.house.customer_id, Editor(NOW)) as change:
        assert await undoing.take_back(change, step.id) == Refused("not_found"), "no company decides that"
    undo = f"/admin/unternehmen/{office.house.customer_id}/rueckgaengig"
    await office.send(path_of(office), undo, step=step.id, back=path_of(office))
    assert await stored(office) is None


async def test_the_sounds_are_listed_beside_the_calls(
    office: OfficeSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    NobodyFreeSettings().sounds.mkdir(parents=True)
    glob, threads = Path.glob, list[int]()

    def listed(self: Path, pattern: str) -> Iterator[Path]:
        threads.append(get_ident())
        return iter(list(glob(self, pattern)))

    monkeypatch.setattr(Path, "glob", listed)
    await office.see(path_of(office))
    await send(office)
    assert threads
    assert get_ident() not in threads


async def test_as_the_house_has_it_is_a_box(office: OfficeSite) -> None:
    _, page = await office.see(path_of(office))
    assert 'name="house"' in page.partition("checked")[0]
    assert 'value="300"' in page
    await send(office)
    assert "checked" not in (await office.see(path_of(office)))[1]
    await send(office, house="yes")
    assert await stored(office) is None


async def test_each_mistake_is_named_and_what_was_typed_is_kept(office: OfficeSite) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"hours": "immer"}, "immer"),
        ({"hours": CHOPPED}, "zu viele einzelne Zeiten"),
        ({"after": "9"}, "von 10 bis 3600"),
        ({"after": "bald"}, "von 10 bis 3600"),
        ({"ending": "explode"}, "Wählen Sie eine der angebotenen"),
        ({"ending": "announcement"}, "Wählen Sie die Ansage"),
        ({"announcement": "../etc/passwd"}, "gibt es nicht mehr"),
        ({"music": "laut"}, "Die Musik laut gibt es nicht mehr"),
        ({"call_back": "../etc/passwd"}, "bieten Sie keinen Rückruf an"),
    ]
    for wrong, said in cases:
        status, page = await send(office, **wrong)
        assert (status, said in page) == (422, True), wrong
    assert await stored(office) is None


async def test_only_announcements_that_are_there_are_offered(
    office: OfficeSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "Es gibt noch keine Ansagen" in (await office.see(path_of(office)))[1]
    folder = NobodyFreeSettings().sounds
    folder.mkdir(parents=True)
    for name in ("spaeter.wav", "spaeter_noted.wav", "zwei worte.wav", "text.txt"):
        (folder / name).touch()
    _, page = await office.see(path_of(office))
    assert '<option value="spaeter">' in page
    assert "zwei worte" not in page
    assert "spaeter_noted" not in page, "it follows the other one"
    assert "erreicht dort niemanden" not in page
    status, _ = await send(office, ending="announcement", announcement="spaeter", call_back="spaeter")
    policy = await stored(office)
    assert policy
    assert (status, policy.announcement, policy.call_back) == (200, "spaeter", "spaeter")
    _, page = await office.see(path_of(office))
    assert "Der Ordner der Aufnahmen fehlt" in page
    assert "erreicht dort niemanden" in page
