"""What a company has asked is made, put in order and retired in the office; nothing of it is lost."""

from __future__ import annotations

from sqlalchemy import select

from pbx_bridge.editing import undoing
from pbx_bridge.editing.change import Editing, Editor
from pbx_bridge.errors import Refused
from pbx_bridge.storage import tables as t
from pbx_bridge.storage.access.access_log import AccessEvent
from pbx_bridge.storage.customers import customers
from rules.model import FieldKind, NoteField
from tests.sample_company import NOW
from tests.unit.admin.office_site import OfficeSite

TYPED = {"label": "Aktenzeichen", "kind": "long", "choices": "", "required": "yes", "help": "Oben rechts"}


def path_of(office: OfficeSite, more: str = "") -> str:
    return f"/admin/unternehmen/{office.house.customer_id}/abfragefelder{more}"


async def send(office: OfficeSite, more: str, **sent: str) -> tuple[int, str, str]:
    page = "/neu" if more == "/neu" else f"/{more.split('/')[1]}"
    _, shown = await office.see(path_of(office, page))
    version = shown.partition('name="version" value="')[2].partition('"')[0]
    answer = await office.send(path_of(office, page), path_of(office, more), version=version, **sent)
    await office.remember()
    return answer


async def stored(office: OfficeSite) -> tuple[NoteField, ...]:
    async with office.db.read() as conn:
        company = await customers.load_customer(conn, office.house.customer_id)
    assert company
    return company.note_fields


async def test_a_field_is_made_shown_put_first_and_taken_back(office: OfficeSite) -> None:
    before = await stored(office)
    status, page, _ = await send(office, "/neu", **TYPED)
    assert (status, "Die Agenten sehen das Feld schon." in page) == (200, True)
    made = NoteField("aktenzeichen", "Aktenzeichen", FieldKind.LONG, True, help="Oben rechts")
    assert await stored(office) == (*before, made)
    for word in ("Aktenzeichen", "Langer Text", "Pflicht", "Oben rechts"):
        assert word in page
    await send(office, "/aktenzeichen/verschieben", direction="up")
    assert (await stored(office))[-2:] == (made, before[-1])
    async with office.db.read() as conn:
        deeds = [row.deed for row in await conn.execute(select(t.undo_step).order_by(t.undo_step.c.at))]
        log = select(t.access_log.c.detail).where(t.access_log.c.deed == AccessEvent.NOTE_FIELDS_CHANGED)
        told = {row.detail.partition(" · ")[2] for row in await conn.execute(log)}
    assert set(deeds) == {"note_field_added", "note_field_moved"}
    assert told == {"> Aktenzeichen (long, required)", "Aktenzeichen ↑"}


async def test_who_is_retired_is_shown_below_and_comes_back(office: OfficeSite) -> None:
    first = (await stored(office))[0]
    _, page, _ = await send(office, f"/{first.key}/stilllegen")
    assert "Danach wird nicht mehr gefragt." in page
    assert "Wird nicht mehr gefragt" in page
    assert [one.retired for one in await stored(office) if one.key == first.key] == [True]
    _, page, _ = await send(office, f"/{first.key}/zurueckholen")
    assert "Wird nicht mehr gefragt" not in page
    assert [one.retired for one in await stored(office) if one.key == first.key] == [False]


async def test_what_was_just_done_can_be_undone(office: OfficeSite) -> None:
    before = await stored(office)
    sent = {"label": "Kunde", "kind": "choice", "choices": "Neukunde\nStammkunde", "required": "", "help": ""}
    _, page, _ = await send(office, f"/{before[0].key}", **sent)
    changed = NoteField("art", "Kunde", FieldKind.CHOICE, choices=("Neukunde", "Stammkunde"))
    assert await stored(office) == (changed, *before[1:])
    step = page.partition('name="step" value="')[2].partition('"')[0]
    async with Editing(office.db).change(office.house.customer_id, Editor(NOW)) as change:
        assert await undoing.take_back(change, step) == Refused("not_found"), "no company decides that"
    undo = f"/admin/unternehmen/{office.house.customer_id}/rueckgaengig"
    await office.send(path_of(office), undo, step=step, back=path_of(office))
    assert await stored(office) == before


async def test_a_mistake_is_named_and_what_was_typed_is_kept(office: OfficeSite) -> None:
    before = await stored(office)
    status, page, _ = await send(office, "/neu", **TYPED | {"kind": "choice", "label": "Thema & Co"})
    assert (status, "Schreiben Sie die Möglichkeiten auf" in page) == (422, True)
    assert "Thema &amp; Co" in page
    assert await stored(office) == before
    status, _ = await office.see(path_of(office, "/gibt_es_nicht"))
    assert status == 404
