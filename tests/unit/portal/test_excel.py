"""A file as German Excel saves it without being asked: Windows-1252, semicolons, its own line ends."""

from __future__ import annotations

from tests.unit.portal.conftest import Client
from tests.unit.portal.uploading import seen, upload

PATH = "/portal/mitarbeiter/import"
FILE = (
    "Position;E-Mail;Name;Durchstellen;Durchwahl\r\n"
    '"Büro ""Süd""; 2. Stock";m@example.org;Maximiliane von der Mühlenberg-Hohenstein;alle;030 23125112\r\n'
    "Geschäftsführerin – Einkauf €;;Beispiel, Erika;nein;\r\n"
    ";;Jens Meier;;\r\n"
)


async def test_it_is_taken_as_it_is_and_the_second_time_there_is_nothing_to_do(client: Client) -> None:
    preview = await upload(client, PATH, FILE.encode("cp1252"))
    assert "Mühlenberg-Hohenstein" in preview.text
    await client.post(preview.path, seen(preview))

    people = {person.family_name: person for person in (await client.served.company()).employees}
    new, erika = people["von der Mühlenberg-Hohenstein"], people["Beispiel"]
    assert (new.position, new.extension) == ('Büro "Süd"; 2. Stock', "+493023125112")
    assert (erika.position, erika.put_through) == ("Geschäftsführerin – Einkauf €", "none")

    assert "Es ist nichts zu tun." in (await upload(client, PATH, FILE.encode("cp1252"))).text
    assert len((await client.served.company()).employees) == len(people)
