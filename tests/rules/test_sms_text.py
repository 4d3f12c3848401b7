"""Number and matter are in every SMS, whatever people are called and whatever they write."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules.outbox.gsm_alphabet import fits_gsm7, in_gsm7, only_gsm7
from rules.outbox.sms_text import messages, summary

NUMBER = "+491713920042"
LATE, SHORT = "bitte RR bis Mo 30.11., 14 Uhr", "RR bis 30.11. 14:00"


@pytest.mark.parametrize(
    "text, plain",
    [
        ("María Gómez", "Maria Gomez"),
        ("ó ı ş ł ć", "o i s l c"),
        ("Łukasz Şahin İbrahim", "Lukasz Sahin Ibrahim"),
        ("Çelik, François, Søren, Åse", "Çelik, Francois, Søren, Åse"),
        ("„Grüße“ – wie geht’s´?", "\"Grüße\" - wie geht's'?"),
        ("»Angebot« ‚jetzt‘ ‹so› “so”", "\"Angebot\" 'jetzt' 'so' \"so\""),
        ("5 € für 20 °C", "5 € für 20 Grad C"),
        ("½ Tag, ②③, № 7, 3 × 4", "1/2 Tag, 23, Nr. 7, 3 x 4"),
        ("👍🏽 ok 👨\u200d👩\u200d👧 1️⃣ 🇩🇪 fertig ❤️", "ok 1 fertig"),
        ("Иван Щукин", "Iwan Schtschukin"),
        ("Қазақстан", "Kasakstan"),
        ("Ελένη", "Eleni"),
        ("Phở Nguyễn", "Pho Nguyen"),
        ("o\u0301 u\u0308", "o ü"),
        ("\u202a+49\u202c\u200b \ufeff\u00adx", "+49 x"),
        ("a\tb\r\nc\u2028d\x0ce\u00a0f", "a b c d e f"),
        ("ẞ ŒŒ þing", "SS OEOE thing"),
        ("北京 Müller", "北京 Müller"),
        ("[x] ~ {y} \\ ^ |", "[x] ~ {y} \\ ^ |"),
        ("", ""),
    ],
)
def test_what_the_alphabet_lacks_is_said_with_what_it_has(text: str, plain: str) -> None:
    assert in_gsm7(text) == plain


def test_what_has_no_counterpart_is_one_sign_for_each_run() -> None:
    assert only_gsm7("Lieferung nach 北京 bitte", "?") == "Lieferung nach ? bitte"
    assert only_gsm7("王伟 (Wang Wei)") == "(Wang Wei)"


LONG_NAME = "Maximiliane von der Mühlenberg-Hohenstein"
LONG_COMPANY = "Gesellschaft für angewandte Regaltechnik mbH & Co. KG"
MATTER = "Fragt nach Liefertermin für Bestellung 4711"


@pytest.mark.parametrize(
    "name, company, concern, lead, text",
    [
        ("María Gómez", "Gómez SL", MATTER, "",
         f"Gomez SL, Maria Gomez {NUMBER}: {MATTER}, {LATE}. 10:42"),
        ("Hans Müller", "Müller GmbH", "Angebot´s Frage", "",
         f"Müller GmbH, Hans Müller {NUMBER}: Angebot's Frage, {LATE}. 10:42"),
        ("Hans Müller", "", "Danke 🙂", "Dringend", f"Dringend: Hans Müller {NUMBER}: Danke, {LATE}. 10:42"),
        ("王伟", "北京公司", MATTER, "Dringend", f"Dringend: {NUMBER}: {MATTER}, {LATE}. 10:42"),
        ("王伟", "", "请尽快回电话关于订单四七一一的交货日期问题谢谢", "Dringend",
         f"Dringend: {NUMBER}: 请尽快回电话关于订单四七一一..., {SHORT}. 10:42"),
        ("王伟", "", "请回电话", "", f"王伟 {NUMBER}: 请回电话, {LATE}. 10:42"),
        ("Prof. Dr. Ottilie Weiß-Sommer", LONG_COMPANY, f"{MATTER} und nach der Rechnung vom Mai", "",
         f"Gesellschaft..., Ottilie Weiß... {NUMBER}: {MATTER} und nach der Rechnung vom Mai, {LATE}. 10:42"),
        ("Frau Sommer von der Hausverwaltung", LONG_COMPANY, f"{MATTER} und nach der Rechnung vom Mai", "",
         f"Gesellschaft..., Frau Sommer... {NUMBER}: {MATTER} und nach der Rechnung vom Mai, {LATE}. 10:42"),
        (LONG_NAME, LONG_COMPANY, f"{MATTER} und nach der Rechnung vom März", "",
         f"Gesellschaft..., Maximiliane... {NUMBER}: {MATTER} und nach der Rechnung vom März, {LATE}. 10:42"),
    ],
)  # fmt: skip
def test_the_matter_stays_and_the_names_give_way(
    name: str, company: str, concern: str, lead: str, text: str
) -> None:
    said = summary(name, company, NUMBER, concern, "10:42", LATE, lead=lead, short_wish=SHORT)
    assert said == text
    assert messages(said) == 1


def test_two_parts_only_where_the_tariff_allows_them() -> None:
    concern = "Möchte ein Angebot für Regale, Schränke und Tische " * 8
    one, two = (summary("Hans", "Müller GmbH", NUMBER, concern, "10:42", LATE, parts=n) for n in (1, 2))
    assert (messages(one), messages(two)) == (1, 2)
    assert 2 * len(one) > len(two) > 280


anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=140)
numbers = st.sampled_from([NUMBER, "+34911234567", "+999999999999999"])


@given(
    anything,
    anything,
    numbers,
    anything,
    st.sampled_from(["", LATE, "bitte RR"]),
    st.booleans(),
    st.booleans(),
)
@example("ł" * 120, "😀" * 60, NUMBER, "Ángebot " * 100, LATE, True, False)
@example("王" * 120, "北" * 120, NUMBER, "请" * 500, LATE, True, False)
def test_number_and_matter_are_in_every_sms(
    name: str, company: str, number: str, concern: str, wish: str, urgent: bool, two: bool
) -> None:
    parts = 2 if two else 1
    text = summary(
        name, company, number, concern, "10:42", wish,
        lead="Dringend" if urgent else "", short_wish=SHORT if wish == LATE else "", parts=parts,
    )  # fmt: skip
    assert messages(text) <= parts
    assert number in text
    assert text.endswith("10:42")
    assert text.startswith("Dringend: ") is urgent or not urgent
    matter = in_gsm7(concern.strip()[:700].rstrip(". "))
    first = matter[: 24 if fits_gsm7(matter) else 12].rstrip(" ,;:.-")
    assert first in text or only_gsm7(first, "?").rstrip("?") in text
    assert ("RR" in text) if wish else True, "whether to call back is never lost"


@given(anything)
def test_in_gsm7_is_said_once_and_for_all(text: str) -> None:
    assert in_gsm7(in_gsm7(text)) == in_gsm7(text)
    assert fits_gsm7(only_gsm7(text))
