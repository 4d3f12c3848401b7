"""Lists as people send them, over real HTTP: workbooks, contacts, columns that only they understand."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

from pbx_bridge.web.kit import workbook_reading
from rules.fault import Fault
from tests.unit.portal.conftest import Client
from tests.unit.portal.uploading import read, seen, upload

PATH = "/portal/mitarbeiter/import"
VIPS = "/portal/vip-kunden/import"


def workbook(*rows: tuple[object, ...], hidden: bool = False) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        if hidden:
            book.add_worksheet("alt").write_row(0, 0, ("Name", "Position"))
            book.worksheets()[0].hide()
            book.add_worksheet("leer")
        sheet = book.add_worksheet("Liste")
        if hidden:
            sheet.activate()
            book.worksheets()[0].hide()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


ROWS = (
    ("Name", "Mobilnummer", "SMS", "Abwesenheitsinfo", None),
    ("Jürgen Öz", 491713920044, True, "montags\nnie da", None),
    (),
    ("Ben Vogt", "+49 171 3920045", False, 'sagt "ja"; und = 1', None),
)


@pytest.mark.parametrize("hidden", [False, True])
async def test_a_workbook_is_read(client: Client, hidden: bool) -> None:
    before = {person.id for person in (await client.served.company()).employees}
    preview = await upload(client, PATH, workbook(*ROWS, hidden=hidden))
    await client.post(preview.path, seen(preview))
    new = [one for one in (await client.served.company()).employees if one.id not in before]
    assert {(one.name, one.mobile, one.sms, one.absence_info) for one in new} == {
        ("Jürgen Öz", "+491713920044", True, "montags\nnie da"),
        ("Ben Vogt", "+491713920045", False, 'sagt "ja"; und = 1'),
    }


async def test_what_is_wrong_in_a_workbook_is_said_with_its_row(client: Client) -> None:
    rows = (*ROWS[:3], ("Ben Vogt", "12", False, "", None))
    page = await upload(client, PATH, workbook(*rows))
    assert page.status == 422
    assert '<td data-label="Zeile">4</td>' in page.text


def packed(**parts: bytes) -> bytes:
    out, given = io.BytesIO(), zipfile.ZipFile(io.BytesIO(workbook(*ROWS)))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name in given.namelist():
            key = name.rpartition("/")[2].partition(".")[0]
            book.writestr(name, parts.get(key, given.read(name)))
    return out.getvalue()


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<sst><si><t>&b;</t></si></sst>"""
CELLS = b'<worksheet><sheetData><row r="%d">%s</row></sheetData></worksheet>'
HARM = {
    "a bomb of zeros": (packed(sheet1=b"<worksheet>" + b" " * 80_000_000), "xlsx_too_much"),
    "entities": (packed(sharedStrings=LAUGHS), "xlsx_unreadable"),
    "a row at the end of the world": (
        packed(sheet1=CELLS % (999_999_999, b'<c r="A1"><v>1</v></c>')), "xlsx_too_much",
    ),
    "a cell far to the right": (packed(sheet1=CELLS % (1, b'<c r="XFD1"><v>1</v></c>')), "xlsx_too_much"),
    "no such text": (packed(sheet1=CELLS % (1, b'<c r="A1" t="s"><v>99</v></c>')), "xlsx_unreadable"),
    "no sheet": (packed(sheet1=b"nothing"), "xlsx_unreadable"),
    "half a file": (workbook(*ROWS)[:900], "xlsx_unreadable"),
    "another archive": (b"PK\x03\x04nothing", "xlsx_unreadable"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("montags_x000D_\nnie da", "montags\nnie da"),
        ("montags_x000d__x000a_nie da", "montags\nnie da"),
        ("Preis_x0009_Menge", "Preis\tMenge"),
        ("heißt _x005F_x000D_", "heißt _x000D_"),
        ("Teil_x12_y und _xyz_", "Teil_x12_y und _xyz_"),
        ("halb _xD83D_ da", "halb _xD83D_ da"),
    ],
)
async def test_what_excel_writes_for_ends_of_lines_is_one(client: Client, written: str, read_as: str) -> None:
    before = {person.id for person in (await client.served.company()).employees}
    lines = (("Name", "Abwesenheitsinfo"), ("Ben Vogt", written))
    cells = ("".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in line) for line in lines)
    rows = "".join(f"<row>{line}</row>" for line in cells)
    sheet = f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode()
    preview = await upload(client, PATH, packed(sheet1=sheet))
    await client.post(preview.path, seen(preview))
    (new,) = [one for one in (await client.served.company()).employees if one.id not in before]
    assert new.absence_info == read_as


@pytest.mark.parametrize("kind", HARM)
async def test_what_is_no_workbook_or_too_much_is_refused(kind: str) -> None:
    data, code = HARM[kind]
    found = await workbook_reading.read(data)
    assert isinstance(found, Fault)
    assert found.code == code


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "alte Excel-Datei"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "mit einem Kennwort geschützt"),
        (b"PK\x03\x04", "Arbeitsmappe können wir nicht lesen"),
        (b'Name;Position\nA B;"x\n', "In Zeile 2 stimmt ein Anführungszeichen nicht"),
        (b"Name\r\nB\x9ahm\r\n", "Umlaute dieser Datei"),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused_with_a_remedy(
    client: Client, data: bytes, words: str
) -> None:
    page = await upload(client, PATH, data)
    assert page.status == 422
    assert words in page.text


@pytest.mark.parametrize(
    ("path", "text", "chosen", "name"),
    [
        (PATH, "Wer;Wo\nBen Vogt;Empfang\n", {"column-0": "name", "column-1": "position"}, "Ben Vogt"),
        (PATH, "Vor;Zu\nBen;Vogt\n", {"column-0": "given", "column-1": "family"}, "Ben Vogt"),
        (
            VIPS,
            "Wer;Womit\nMax Muster;0171 3920044\n",
            {"column-0": "name", "column-1": "pattern"},
            "Max Muster",
        ),
    ],
)
async def test_columns_that_nobody_knows_are_matched_by_hand(
    client: Client, path: str, text: str, chosen: dict[str, str], name: str
) -> None:
    page = await upload(client, path, text)
    assert page.path.endswith("/spalten")
    nothing = await client.post(page.path, {})
    assert nothing.status == 422
    assert "Wählen Sie aus, in welche" in nothing.text
    preview = await client.post(page.path, chosen)
    preview = await read(client, preview.path)
    assert name in preview.text
    answer = await client.post(preview.path, seen(preview))
    assert name in answer.text


async def test_the_preview_shows_what_was_and_what_will_be(client: Client) -> None:
    preview = await upload(
        client, PATH, "Name;Position;Vertreter\nBeispiel, Erika;Vorstand;Jens Meier\nNeu Hier;Empfang;\n"
    )
    erika = (await client.served.company()).employee(client.served.house.erika)
    assert erika is not None
    assert f"<del>{erika.position or 'leer'}</del> → <ins>Vorstand</ins>" in preview.text
    assert "<dt>Position</dt><dd>Empfang</dd>" in preview.text
    assert "Diese Einträge bleiben" in preview.text


async def test_a_title_above_the_header_is_none(client: Client) -> None:
    before = {person.id for person in (await client.served.company()).employees}
    preview = await upload(client, PATH, workbook(("Mitarbeiterliste",), ("Stand", 46_349), (), *ROWS))
    await client.post(preview.path, seen(preview))
    new = {one.name for one in (await client.served.company()).employees if one.id not in before}
    assert new == {"Jürgen Öz", "Ben Vogt"}


@pytest.mark.parametrize(
    ("text", "ticked", "names"),
    [
        ("Ben Vogt;ben@example.org\nOda Lenz;oda@example.org\n", True, {"Ben Vogt", "Oda Lenz"}),
        ("Ben Vogt;030 23125117\nOda Lenz;030 23125118\n", True, {"Ben Vogt", "Oda Lenz"}),
        ("\nBen Vogt;b@example.org\n\nOda Lenz;\n", True, {"Ben Vogt", "Oda Lenz"}),
        ('"Vogt\n, Ben";b@example.org\nOda Lenz;\n', True, None),
        ("Wer;Wohin\nOda Lenz;oda@example.org\n", False, {"Oda Lenz"}),
    ],
)
async def test_a_list_without_a_header_loses_nobody(
    client: Client, text: str, ticked: bool, names: set[str] | None
) -> None:
    page = await upload(client, PATH, text)
    assert page.path.endswith("/spalten")
    assert ('name="first_row" value="yes" checked' in page.text) is ticked
    before = {person.id for person in (await client.served.company()).employees}
    chosen = {"column-0": "name"} | ({"first_row": "yes"} if ticked else {})
    answer = await client.post(page.path, chosen)
    preview = await read(client, answer.path)
    if names is None:
        assert "in eine Zeile" in preview.text
        return
    await client.post(preview.path, seen(preview))
    new = {one.name for one in (await client.served.company()).employees if one.id not in before}
    assert new == names


async def test_the_tick_stays_where_somebody_has_put_it(client: Client) -> None:
    page = await upload(client, PATH, "Wer;Wo\nBen Vogt;Empfang\n")
    answer = await client.post(page.path, {"column-1": "position", "first_row": "yes"})
    assert answer.status == 422
    assert 'name="first_row" value="yes" checked' in answer.text
