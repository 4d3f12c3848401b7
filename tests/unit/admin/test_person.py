"""What is kept of a person, from the search to the file and to the protocol of its erasure."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from pbx_bridge.outbox.voice_sounds import VoiceSounds
from pbx_bridge.storage import tables as t
from tests.sample_company import NOW, arrive
from tests.unit.admin.office_site import OfficeSite

NUMBER = "+491713920042"


def path(office: OfficeSite) -> str:
    return f"/admin/unternehmen/{office.house.customer_id}/person"


async def called(office: OfficeSite) -> None:
    async with office.db.write() as conn:
        await arrive(conn, office.house)
        await conn.execute(t.call.update().values(ended_at=NOW, outcome="closed"))


async def test_a_caller_is_found_by_number_and_erased_once_it_is_confirmed(office: OfficeSite) -> None:
    await called(office)
    here = path(office)
    status, page, where = await office.send(here, here, who="0171 3920042")
    assert status == 200
    assert where == here, "no number in an address"
    assert "Gespeichert zu +49 171 3920042" in page
    assert "Anrufe" in page
    assert "VIP-Einträge" in page

    status, page, _ = await office.send(here, f"{here}/loeschen", number=NUMBER)
    assert status == 422
    assert "Es ist nichts gelöscht" in page
    _, page, where = await office.send(here, f"{here}/loeschen", number=NUMBER, sure="yes")
    assert "Das Protokoll nennt Zeit und Anzahl" in page
    assert "3920042" not in where
    async with office.db.read() as conn:
        assert (await conn.execute(t.call.select())).all() == []
    _, page = await office.see("/admin/loeschprotokoll")
    assert "Daten einer Anruferin oder eines Anrufers gelöscht" in page
    assert "Mustermann AG" in page
    assert "3920042" not in page
    _, page, _ = await office.send(here, f"{here}/loeschen", number=NUMBER, sure="yes")
    assert "nichts mehr gespeichert" in page


async def test_an_employee_is_found_by_a_part_of_the_name(office: OfficeSite) -> None:
    here = path(office)
    _, page, _ = await office.send(here, here, who="meier")
    assert "Wer ist gemeint?" in page
    assert "Jens Meier" in page
    _, page, _ = await office.send(here, here, employee=office.house.jens)
    assert "Gespeichert zu Jens Meier" in page
    assert "Termine" in page
    await office.send(here, f"{here}/loeschen", employee=office.house.jens, sure="yes")
    async with office.db.read() as conn:
        names = (await conn.execute(t.employee.select().with_only_columns(t.employee.c.name))).scalars().all()
    assert names == ["Beispiel, Erika"]


async def test_whom_nobody_knows_is_said_and_what_was_typed_is_kept(office: OfficeSite) -> None:
    here = path(office)
    status, page, _ = await office.send(here, here, who="Nobody <b>")
    assert status == 422
    assert "so heißt hier kein Mitarbeiter" in page
    assert "Nobody &lt;b&gt;" in page


async def test_what_is_kept_is_handed_out_as_a_file(office: OfficeSite) -> None:
    await called(office)
    _, text = await office.see(path(office))
    token = text.partition('name="csrf" value="')[2].partition('"')[0]
    sent = {"csrf": token, "number": NUMBER}
    async with office.browsers[office.login].post(f"{path(office)}/auskunft", data=sent) as answer:
        assert answer.content_type == "application/zip"
        file = zipfile.ZipFile(io.BytesIO(await answer.read()))
    data = json.loads(file.read("daten.json"))
    assert [one["caller_number"] for one in data["data"]["calls"]] == [NUMBER]
    assert "Mustermann AG: Auskunft vom" in file.read("auskunft.html").decode()


async def test_what_they_said_after_the_tone_is_in_the_file(
    office: OfficeSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sound is there, one is gone; both are said."""
    await called(office)
    voice = {"id": "v1", "recording": "1.1_493023125100_1", "seconds": 5, "at": NOW}
    async with office.db.write() as conn:
        call_id = (await conn.execute(t.call.select())).one().id
        for number in (1, 2):
            note = {"id": f"n{number}", "call_id": call_id, "customer_id": office.house.customer_id}
            said = {"concern": "Sprachnachricht", "fields": {}, "created_at": NOW, "caller_name": ""}
            await conn.execute(t.call_note.insert(), note | said)
            mine = {
                "id": f"v{number}",
                "recording": f"r{number}",
                "call_id": call_id,
                "note_id": f"n{number}",
            }
            await conn.execute(t.voice_message.insert(), voice | mine)
    (tmp_path / "v1.wav").write_bytes(b"RIFF sound")
    monkeypatch.setattr(VoiceSounds, "path", lambda _self, message_id: tmp_path / f"{message_id}.wav")
    _, text = await office.see(path(office))
    token = text.partition('name="csrf" value="')[2].partition('"')[0]
    for address, name in (
        (f"{path(office)}/auskunft", "daten.json"),
        (f"/admin/unternehmen/{office.house.customer_id}/daten.zip", "anrufe.csv"),
    ):
        browser = office.browsers[office.login]
        of_person, sent = "auskunft" in address, {"csrf": token, "number": NUMBER}
        async with browser.post(address, data=sent) if of_person else browser.get(address) as answer:
            file = zipfile.ZipFile(io.BytesIO(await answer.read()))
        (sound,) = [one for one in file.namelist() if one.startswith("aufnahmen/")]
        assert file.read(sound) == b"RIFF sound"
        assert sound in file.read(name).decode()
        if of_person:
            assert f'<audio controls src="{sound}">' in file.read("auskunft.html").decode()
            voices = json.loads(file.read(name))["data"]["voices"]
            assert sorted(one["sound"] for one in voices) == ["", sound]


async def test_of_a_text_that_is_no_name_not_each_word_is_looked_for(office: OfficeSite) -> None:
    here = path(office)
    status, page, _ = await office.send(here, here, who="e " * 5_000)
    assert status == 422
    assert "Platz ist für 200" in page
    assert "Wer ist gemeint?" not in page
