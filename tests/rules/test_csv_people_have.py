# ruff: noqa: E501 - a case a line
"""Files of employees and VIP callers as people have them: read right, or refused with the line and a remedy."""

from __future__ import annotations

import itertools
import unicodedata
from dataclasses import replace
from typing import Any

import pytest

from rules.fault import Fault
from rules.files import employee_csv, vip_csv
from rules.files.csv_text import Table, decode, delimiter_of, table, with_header, without_title
from rules.model import Customer, Employee, Tariff, VipCaller
from rules.text.dialling import DialRules

ALLOWED = DialRules()
KELLER = Employee("k", "Anna Keller", "Anna", "Keller")
HOUSE = Customer("c", "Praxis Dr. Sommer", Tariff("t", "Tarif", put_through=True), "", employees=(KELLER,))


def planned(kind: Any, text: str, house: Customer = HOUSE) -> Any:
    knows = lambda header: bool(kind.COLUMNS.of(header))  # noqa: E731 - short
    text = without_title(text, knows)
    found = table(text, delimiter_of(text, knows))
    if isinstance(found, Fault):
        return found
    ids = (f"n{n}" for n in itertools.count())
    last = (lambda: next(ids),) if kind is vip_csv else (ALLOWED, lambda: next(ids))
    reading = kind.plan(found, house, *last)
    try:
        while True:
            next(reading)
    except StopIteration as end:
        return end.value


OUTLOOK = '"Anrede","Vorname","Weitere Vornamen","Nachname","Firma","Telefon geschäftlich","Mobiltelefon","E-Mail-Adresse"\r\n"","Ben","","Vogt","Praxis","+49 (30) 23125120","+49 (171) 3920044","ben.vogt@sommer.example"\r\n'
GOOGLE = "First Name,Middle Name,Last Name,Organization Title,E-mail 1 - Value,E-mail 2 - Value\nBen,,Vogt,Empfang,ben.vogt@sommer.example,b@sommer.example\n"
MOBILE = "Name;Mobilnummer\nBen Vogt;"
READ: dict[str, tuple[str, dict[str, object]]] = {
    "Outlook": (OUTLOOK, {"name": "Ben Vogt", "email": "ben.vogt@sommer.example", "mobile": "+491713920044"}),
    "Google": (GOOGLE, {"name": "Ben Vogt", "position": "Empfang", "email": "ben.vogt@sommer.example"}),
    "two columns": ("Vorname;Nachname\nBen;Vogt\n", {"name": "Ben Vogt"}),
    "a title too": ("Titel;Vorname;Nachname\nDr.;Ben;Vogt\n", {"name": "Dr. Ben Vogt"}),
    "a salutation is none": ("Anrede;Vorname;Nachname\nHerr;Ben;Vogt\n", {"name": "Ben Vogt"}),
    "a title without its full stop": ("Titel;Vorname;Nachname\nPD;Ben;Vogt\n", {"name": "PD Ben Vogt"}),
    "a title of Austria": ("Titel;Vorname;Nachname\nMag;Ben;Vogt\n", {"name": "Mag Ben Vogt"}),
    "an engineer": ("Titel;Vorname;Nachname\nIng.;Ben;Vogt\n", {"name": "Ing. Ben Vogt"}),
    "a professor": ("Title,First name,Last name\nProf.in,Ada,Vogt\n", {"name": "Prof.in Ada Vogt"}),
    "family name only": ("Nachname\nVogt\n", {"name": "Vogt"}),
    "tabs": ("Name\tPosition\nBen Vogt\tEmpfang\n", {"name": "Ben Vogt", "position": "Empfang"}),
    "commas": ("Name,Position\nBen Vogt,Empfang\n", {"position": "Empfang"}),
    "said separator": ("sep=,\r\nName,Position\r\nBen Vogt,Empfang\r\n", {"position": "Empfang"}),
    "other letters in the header": ("NAME;zustaendigkeit;e mail\nBen Vogt;Empfang;ben@sommer.example\n", {"responsibility": "Empfang", "email": "ben@sommer.example"}),
    "empty lines": ("\n\nName;Position\n\n;;\nBen Vogt;Empfang\n\n", {"position": "Empfang"}),
    "a title above": ("Mitarbeiterliste Praxis Dr. Sommer;;;\n\nName;Position\nBen Vogt;Empfang\n", {"name": "Ben Vogt", "position": "Empfang"}),
    "a title and a date above": ("Telefonliste\nStand: 23.11.2026, Empfang\n\nVorname,Nachname,Position\nBen,Vogt,Empfang\n", {"name": "Ben Vogt", "position": "Empfang"}),
    "a title above one column": ("Unsere Mitarbeiter\nName\nBen Vogt\n", {"name": "Ben Vogt"}),
    "a title of several lines": ('"Praxis Dr. Sommer\nListe; Stand 2026"\t\nName\tPosition\nBen Vogt\tEmpfang\n', {"position": "Empfang"}),
    "a title behind a separator that is said": ("sep=;\r\nListe\r\nName;Position\r\nBen Vogt;Empfang\r\n", {"position": "Empfang"}),
    "a title of a Mac": ("Liste\rName;Position\rBen Vogt;Empfang\r", {"position": "Empfang"}),
    "separators at the end": ("Name;Position;;;\nBen Vogt;Empfang;;;\n", {"position": "Empfang"}),
    "a break in a text": ('Name;Abwesenheitsinfo\nBen Vogt;"montags\nnie da"\n', {"absence_info": "montags\nnie da"}),
    "quotes in a text": ('Name;Abwesenheitsinfo\nBen Vogt;"sagt ""ja"""\n', {"absence_info": 'sagt "ja"'}),
    "a number kept as text": (MOBILE + '"=""+491713920044"""\n', {"mobile": "+491713920044"}),
    "a number behind an apostrophe": (MOBILE + "'01713920044\n", {"mobile": "+491713920044"}),
    "a number that was counted with": (MOBILE + "491713920044.0\n", {"mobile": "+491713920044"}),
    "a German one": (MOBILE + "491713920044,00\n", {"mobile": "+491713920044"}),
    "an extension that was counted with": ("Name;Durchwahl\nBen Vogt;493023125117.0\n", {"extension": "+493023125117"}),
    "WAHR": ("Name;SMS;Mobilnummer\nBen Vogt;WAHR;+491713920044\n", {"sms": True}),
    "FALSCH": ("Name;SMS\nBen Vogt;FALSCH\n", {"sms": False}),
}  # fmt: skip


@pytest.mark.parametrize("kind", READ)
def test_a_list_is_read(kind: str) -> None:
    text, wanted = READ[kind]
    found = planned(employee_csv, text)
    assert not isinstance(found, Fault), found
    assert found.faults == ()
    [person] = found.new
    assert {name: getattr(person, name) for name in wanted} == wanted


def test_a_title_that_is_none_is_said_to_be_left_out() -> None:
    for kind, column in ((employee_csv, ""), (vip_csv, "Rufnummer,")):
        number = "0171 3920077," if column else ""
        for title, said in (("Sales Manager", ("Title",)), ("Mr.", ()), ("Dr.", ()), ("", ())):
            found = planned(kind, f"{column}Title,First name,Last name\n{number}{title},Ben,Vogt\n")
            assert (found.faults, found.ignored) == ((), said), title


GREETED = (
    ("Anrede,Vorname,Nachname", "Frau,Anna,Weiß", ("Anrede",)),
    ("Anrede,Vorname,Nachname", "Herr,Ben,Vogt", ("Anrede",)),
    ("Anrede,Vorname,Nachname", "Frau Dr.,Anna,Weiß", ()),
    ("Anrede,Vorname,Nachname", ",Anna,Weiß", ()),
    ("Anrede,Vorname,Nachname", "Firma,,Weiß GmbH", ()),
    ("Anrede,Titel,Vorname,Nachname", "Frau,Dr.,Anna,Weiß", ("Anrede",)),
    ("Anrede,Name", "Frau,Anna Weiß", ("Anrede",)),
    ("Anrede,Name", "Frau,Frau Anna Weiß", ()),
    ("Titel,Name", "Dr.,Anna Weiß", ("Titel",)),
    ("Titel,Name", '"Dr.","Weiß, Dr. Anna"', ()),
    ("Anrede,Name", ",Anna Weiß", ()),
)


@pytest.mark.parametrize(("header", "row", "said"), GREETED)
def test_by_what_nobody_is_greeted_is_said_to_be_left_out(
    header: str, row: str, said: tuple[str, ...]
) -> None:
    for kind, column, number in ((employee_csv, "", ""), (vip_csv, "Rufnummer,", "0171 3920077,")):
        found = planned(kind, f"{column}{header}\n{number}{row}\n")
        assert (found.faults, found.ignored) == ((), said)


def test_a_vip_number_that_was_counted_with_is_that_number() -> None:
    found = planned(vip_csv, "Rufnummer;Name\n491713920077.0;Max Mustermann\n")
    assert [one.pattern for one in found.new] == ["+491713920077"]


@pytest.mark.parametrize("stored", ["NFC", "NFD"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_letters_of_two_signs_are_the_same_letters(stored: Any, form: Any) -> None:
    name, also = "Änne Özil", "Jürgen Müßig"
    staff = tuple(
        Employee(str(n), unicodedata.normalize(stored, one), "", "") for n, one in enumerate((name, also))
    )
    house = replace(HOUSE, employees=staff)
    text = unicodedata.normalize(
        form, f"Name;Position;Vertreter\n{name};Empfang;{also}\nMüßig, Jürgen;Büro;\n"
    )
    found = planned(employee_csv, text, house)
    assert (found.new, found.faults, found.missing) == ((), (), ())
    assert [(one.before.id, one.after.deputy_id) for one in found.changed] == [("0", "1"), ("1", None)]


REFUSED = {
    "a quote that never closes": ('Name;Abwesenheitsinfo\nA B;"nur vormittags\nC D;nie\n', "csv_quote", "2"),
    "a quote that closes in another row": ('Name;Abwesenheitsinfo\nE F;x\nA B;"nur\nC D;"nie"\n', "csv_quote", "3"),
    "something behind a quote": ('Name;Abwesenheitsinfo\nA B;"nur" vormittags\n', "csv_quote", "2"),
    "a formula": ("Name;Mobilnummer\nA B;=A1&B1\n", "csv_formula", "2"),
    "an error of Excel": ("Name;Mobilnummer\nA B;#NAME?\n", "csv_failed", 2),
    "a rounded number": ("Name;Mobilnummer\nA B;4,9171E+11\n", "csv_rounded", 2),
    "a rounded number of America": ("Name;Mobilnummer\nA B;4.9171E+11\n", "csv_rounded", 2),
    "a header twice": ("Name;Position;Position\nA B;x;y\n", "csv_column_twice", 1),
    "a formula below a title": ("Unsere Liste\n\nName;Mobilnummer\nA B;=A1&B1\n", "csv_formula", "4"),
    "an error below a title": ("Unsere Liste\n\nName;Mobilnummer\nA B;#NAME?\n", "csv_failed", 4),
    "a title above nothing that we know": ("Unsere Liste\n\nX;Y\nA B;C\n", "csv_no_name_column", 1),
    "no name": ("Position\nEmpfang\n", "csv_no_name_column", 1),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_wrong_is_said_with_its_line(kind: str) -> None:
    text, code, line = REFUSED[kind]
    found = planned(employee_csv, text)
    if isinstance(found, Fault):
        assert (found.code, found.params["line"]) == (code, line)
    else:
        assert [(one.fault.code, one.line) for one in found.faults] == [(code, line)]


@pytest.mark.parametrize(
    "spelled", ["Anna Keller ", "Anna Keller\u00a0", " Keller, Anna", "Keller,\u00a0Anna", "Anna\u2009Keller", "Anna  Keller", "\u200bAnna Keller"]
)  # fmt: skip
def test_an_employee_is_found_however_spaced(spelled: str) -> None:
    found = planned(vip_csv, f"Rufnummer;Name;Mitarbeiter\n+49 171 3920077;Max Mustermann;{spelled}\n")
    assert [one.employee_id for one in found.new] == ["k"]


UNSEEN = ("Änne\u00a0Özil", "Änne  Özil", "Änne\u2009Özil", "Änne\tÖzil", "A\u0308nne\u202fO\u0308zil ")


@pytest.mark.parametrize("spelled", UNSEEN)
def test_a_change_that_nobody_sees_is_none(spelled: str) -> None:
    employee = Employee("e", "Änne Özil", "Änne", "Özil", position="Leitung Empfang", absence_info="nie\nda")
    vip = VipCaller("v", "+491713920077", "Änne Özil", "bitte sofort")
    house = replace(HOUSE, employees=(employee,), vip_callers=(vip,))
    found = planned(employee_csv, f'Name,Position\n"{spelled}","Leitung\u00a0Empfang"\n', house)
    assert (found.new, found.changed, found.faults, found.unchanged) == ((), (), (), 1)
    found = planned(vip_csv, f'Rufnummer,Name,Info\n0171 3920077,"{spelled}","bitte\u00a0sofort"\n', house)
    assert (found.new, found.changed, found.faults, found.unchanged) == ((), (), (), 1)


def test_a_break_is_a_change_that_is_seen() -> None:
    house = replace(HOUSE, employees=(replace(KELLER, absence_info="nie\nda"),))
    found = planned(employee_csv, 'Name,Abwesenheitsinfo\nAnna Keller,"nie da"\n', house)
    assert [one.after.absence_info for one in found.changed] == ["nie da"]


def test_google_puts_several_into_one_cell() -> None:
    text = "Name,CC\nAnna Keller,a@sommer.example ::: b@sommer.example\n"
    assert [one.after.cc for one in planned(employee_csv, text).changed] == [
        ("a@sommer.example", "b@sommer.example")
    ]
    for header, cell, code in (
        ("E-Mail", "a@sommer.example ::: b@sommer.example", "email_two"),
        ("Mobilnummer", "0171 3920077 ::: 0171 3920078", "mobile_two"),
    ):
        found = planned(employee_csv, f"Name,{header}\nAnna Keller,{cell}\n")
        assert [one.fault.code for one in found.faults] == [code]
    found = planned(vip_csv, "Rufnummer,Name\n0171 3920077 ::: 030 23125110,Max Mustermann\n")
    assert [one.fault.code for one in found.faults] == ["vip_two"]


def test_vips_stand_below_a_title_too() -> None:
    found = planned(vip_csv, "Wichtige Anrufer\n\nRufnummer;Name\n+49 171 3920077;Max Mustermann\n")
    assert [(one.name, one.pattern) for one in found.new] == [("Max Mustermann", "+491713920077")]


def test_contacts_become_vips() -> None:
    found = planned(vip_csv, OUTLOOK)
    assert [(one.name, one.pattern) for one in found.new] == [("Ben Vogt", "+493023125120")]


WORDS = "Name;Position\rJürgen Müller;Größenprüfung\rBärbel Weiß;Büro\r"
ENCODED = {
    "Mac": WORDS.encode("mac_roman"),
    "Mac, lines of Windows": WORDS.replace("\r", "\r\n").encode("mac_roman"),
    "Windows": WORDS.replace("\r", "\r\n").encode("cp1252"),
    "DOS": WORDS.replace("\r", "\r\n").encode("cp850"),
    "UTF-8": WORDS.encode(),
    "UTF-8 with mark": WORDS.encode("utf-8-sig"),
    "UTF-16": WORDS.encode("utf-16"),
    "UTF-16 without mark": WORDS.encode("utf-16-le"),
    "UTF-16, the other way round": WORDS.encode("utf-16-be"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ENCODED)
def test_letters_are_read_right(kind: str) -> None:
    found = decode(ENCODED[kind])
    assert isinstance(found, str)
    assert found.replace("\r\n", "\r") == WORDS


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("Name\r\nRené Çelik\r\n", "cp1252"), ("Name\r\nJosé Muñoz – Büro\r\n", "cp1252"), ("Name\rRené Böhm\r", "mac_roman"), ("Name\rŠimon Böhm\r\nJürgen", "cp1252")],
)  # fmt: skip
def test_other_letters_are_read_right(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("data", [b"Name\r\nMilo\x9a\r\n", b"Name\r\nB\x9ahm\r\n"])
def test_what_could_be_either_is_not_guessed(data: bytes) -> None:
    found = decode(data)
    assert isinstance(found, Fault)
    assert found.code == "csv_encoding"


@pytest.mark.parametrize(
    ("words", "encoding"),
    [("Иван Иванов;Директор", "cp1251"), ("Łukasz Łoś;Kierownik\nAgnieszka Żółć;Biuro", "cp1250"), ("Łukasz Łoś;Žižek", "iso-8859-2"),
     ("Γιώργος Παπαδόπουλος;Διευθυντής", "cp1253"), ("王伟;经理", "gb18030"), ("Recep Erdoğan;Müdür", "cp1254")],
)  # fmt: skip
def test_letters_of_elsewhere_are_read_right_or_not_at_all(words: str, encoding: str) -> None:
    found = decode(f"Name;Position\r\n{words}\r\n".encode(encoding))
    assert isinstance(found, Fault), found
    assert found.code == "csv_encoding"


@pytest.mark.parametrize("text", ["A;B\nx;y\nz;w\n", "sep=;\n\nA;B\nx;y\nz;w\n", '"A\nC";B\r\nx;y\r\nz;w'])
def test_with_another_header_every_row_stays_in_its_line(text: str) -> None:
    before, after = table(text, ";"), table(with_header(text, ";", ("Name", "")), ";")
    assert isinstance(before, Table)
    assert isinstance(after, Table)
    assert after.header == ("Name", "")
    assert after.lines == before.lines


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7\n1 0 obj\n", b"<html><table><tr><td>Name</td></tr></table></html>", b"\r\n <!DOCTYPE html>\r\n", b'<?xml version="1.0"?><Workbook/>', b"{\\rtf1 Name}", b"BEGIN:VCARD\r\nFN:Ben Vogt\r\nEND:VCARD\r\n", b"BEGIN:VCALENDAR\r\n", "\ufeff<table>".encode()],
)  # fmt: skip
def test_what_is_no_table_is_not_asked_for_its_columns(data: bytes) -> None:
    found = decode(data)
    assert isinstance(found, Fault)
    assert found.code == "csv_unreadable"
