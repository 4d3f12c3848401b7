from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calls.greeting import NOBODY_REACHABLE, GreetingFault, check_greeting, instruction, spoken_greeting
from rules.outbox.sms_text import fit_one_sms, fits_gsm7, fits_one_sms, messages, summary, units
from rules.text.names import PersonName, fold, is_found, sort_key, split_name
from tests.rules.sample_facts import ANNA, MUSTERMANN, WITHOUT_PUT_THROUGH

GREETING = "Guten Tag, Mustermann AG, mein Name ist {}."


@pytest.mark.parametrize(
    "placeholder, spoken",
    [
        ("[Vorname, Nachname]", "Anna Keller"),
        ("[Vorname]", "Anna"),
        ("[Nachname]", "Keller"),
        ("[vorname,nachname]", "Anna Keller"),
        ("[ Vorname Nachname ]", "Anna Keller"),
        ("[Vorname] und noch einmal [Nachname]", "Anna und noch einmal Keller"),
    ],
)
def test_the_agent_greets_with_her_own_name(placeholder: str, spoken: str) -> None:
    assert spoken_greeting(GREETING.format(placeholder), ANNA) == GREETING.format(spoken)
    assert check_greeting(GREETING.format(placeholder))


@pytest.mark.parametrize(
    "greeting, fault, found",
    [
        ("  ", GreetingFault.EMPTY, None),
        (GREETING.format("Anna Keller"), GreetingFault.NO_PLACEHOLDER, None),
        (GREETING.format("[Anna, Keller]"), GreetingFault.OVERWRITTEN, "[Anna, Keller]"),
        (GREETING.format("[Vorname], [Anna]"), GreetingFault.OVERWRITTEN, "[Anna]"),
        ("Mein Name ist [].", GreetingFault.OVERWRITTEN, "[]"),
        ("Mein Name ist [Vorname Nachname", GreetingFault.UNCLOSED, "[Vorname Nachname"),
    ],
)
def test_a_damaged_placeholder_is_refused(greeting: str, fault: GreetingFault, found: str | None) -> None:
    decision = check_greeting(greeting)
    assert not decision
    assert (decision.code, decision.params.get("found")) == (fault, found)


def test_what_is_no_placeholder_is_read_as_it_stands() -> None:
    assert spoken_greeting("Mein Name ist [Anna] [].", ANNA) == "Mein Name ist [Anna] []."


def test_a_tariff_without_put_through_has_its_sentence() -> None:
    basic = replace(MUSTERMANN, tariff=WITHOUT_PUT_THROUGH)
    assert instruction(basic) == NOBODY_REACHABLE
    assert (
        instruction(replace(basic, instruction=" Bitte nur Name und Nummer. "))
        == "Bitte nur Name und Nummer."
    )
    assert instruction(MUSTERMANN) == ""


LONG = "Dr.-Ing. Maximiliane von der Mühlenberg-Hohenstein"


@pytest.mark.parametrize(
    "typed, name",
    [
        ("Anna Keller", PersonName("Anna", "Keller")),
        ("Keller, Anna", PersonName("Anna", "Keller")),
        (LONG, PersonName("Maximiliane", "von der Mühlenberg-Hohenstein", "Dr.-Ing.")),
        ("von der Mühlenberg-Hohenstein, Dr.-Ing. Maximiliane",
         PersonName("Maximiliane", "von der Mühlenberg-Hohenstein", "Dr.-Ing.")),
        ("Mühlenberg, Max von der", PersonName("Max", "von der Mühlenberg")),
        ("Prof. Dr. med. Hans Peter Groß", PersonName("Hans Peter", "Groß", "Prof. Dr. med.")),
        ("Müller, Hans, Dr.", PersonName("Hans", "Müller", "Dr.")),
        ("Erika Beispiel, Dr.", PersonName("Erika", "Beispiel", "Dr.")),
        ("von Stein", PersonName("", "von Stein")),
        ("Müller", PersonName("", "Müller")),
        ("Dr. Müller", PersonName("", "Müller", "Dr.")),
        ("Karl Zu", PersonName("Karl", "Zu")),
        ("Med Keller", PersonName("Med", "Keller")),
        ("", PersonName("", "")),
    ],
)  # fmt: skip
def test_names_are_split_as_typed(typed: str, name: PersonName) -> None:
    assert split_name(typed) == name


def test_names_are_spoken_and_listed() -> None:
    assert split_name("Keller, Anna").spoken == "Anna Keller"
    assert split_name(LONG).spoken == LONG
    assert split_name(LONG).listed == "von der Mühlenberg-Hohenstein, Dr.-Ing. Maximiliane"
    assert split_name("Müller").listed == "Müller"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\u2060"), max_size=80))
def test_any_name_can_be_split_sorted_and_searched(raw: str) -> None:
    # Without the word joiner, which glues names while they are read: forms and files keep it outside.
    words = raw.replace(",", " ").split()
    assert sorted(split_name(raw).spoken.split()) == sorted(words)
    assert sort_key(raw) == sort_key(f" {raw} ")
    assert all(is_found(word, raw) for word in words)


def test_names_sort_as_in_a_telephone_book() -> None:
    names = [
        "Zander, A",
        "Müller, B",
        "Mueller, A",
        "von der Mühle, C",
        "Muller, A",
        "Groß, A",
        "Gross, B",
        "Ärmel, A",
    ]
    assert sorted(names, key=sort_key) == [
        "Ärmel, A", "Groß, A", "Gross, B", "Mueller, A",
        "von der Mühle, C", "Muller, A", "Müller, B", "Zander, A",
    ]  # fmt: skip


@pytest.mark.parametrize("query", ["müller", "mueller", "MULLER", "mü", "mue", "hans mü", "müll hans", ""])
def test_a_search_finds_every_spelling(query: str) -> None:
    assert is_found(query, "Hans Müller", "Vertrieb")
    assert is_found(query, "Mueller, Hans")


def test_a_search_begins_at_words() -> None:
    assert is_found("gross", "Groß")
    assert is_found("bauer", "Bauer")
    assert not is_found("üller", "Müller")
    assert not is_found("müller x", "Hans Müller")
    assert fold("Łukasz Øster") == "lukasz oster"


@pytest.mark.parametrize(
    "text, length, count",
    [
        ("", 0, 1),
        ("ä" * 160, 160, 1),
        ("a" * 161, 161, 2),
        ("a" * 306, 306, 2),
        ("a" * 307, 307, 3),
        ("€" * 80, 160, 1),
        ("€" * 81, 162, 2),
        ("a" * 152 + "€" + "a" * 152, 306, 3),  # the escape moves whole, so two parts no longer suffice
        ("ł" * 70, 70, 1),
        ("ł" * 71, 71, 2),
        ("😀" * 35, 70, 1),
        ("😀" * 36, 72, 2),
        ("ł" * 66 + "😀" + "ł" * 66, 134, 3),
    ],
)
def test_an_sms_is_counted_as_the_network_counts(text: str, length: int, count: int) -> None:
    assert (units(text), messages(text)) == (length, count)
    assert fits_one_sms(text) == (count == 1)


def test_only_the_network_alphabet_is_gsm() -> None:
    assert fits_gsm7("Grüße an Weiß: 5 €")
    assert not fits_gsm7("„Grüße“")


def test_the_summary_is_as_the_customer_reads_it() -> None:
    text = summary("Hans Müller", "Müller GmbH", "+491713920042", "Angebot", "10:42", "bitte RR bis 14 Uhr")
    assert text == "Müller GmbH, Hans Müller +491713920042: Angebot, bitte RR bis 14 Uhr. 10:42"


@pytest.mark.parametrize(
    "parts, text",
    [
        (("Hans Müller", "", "", "Angebot.", "10:42"), "Hans Müller: Angebot. 10:42"),
        (("Hans Müller", "", "+491713920042", "", "10:42"), "Hans Müller +491713920042. 10:42"),
        (("", "", "", "Angebot", "10:42"), "Angebot. 10:42"),
        (("", "", "", "", "10:42"), "10:42"),
        (("Hans", "", "", "", "10:42", "bitte RR"), "Hans: bitte RR. 10:42"),
        (("Hans", "", "", "„Angebot“ – zwei\nZeilen…", "10:42"), 'Hans: "Angebot" - zwei Zeilen.... 10:42'),
    ],
)
def test_empty_parts_leave_no_gap(parts: tuple[str, ...], text: str) -> None:
    assert summary(*parts) == text


def test_a_long_concern_is_cut_at_a_word_and_the_end_stays() -> None:
    text = summary("Hans Müller", "", "+491713920042", "Angebot zur Bestellung " * 20, "10:42", "bitte RR")
    assert text.endswith("..., bitte RR. 10:42")
    assert set(text.removesuffix("..., bitte RR. 10:42").partition(": ")[2].split()) <= {
        "Angebot",
        "zur",
        "Bestellung",
    }
    assert len(text) > 140


def test_names_without_end_leave_room_for_the_number() -> None:
    text = summary("Hans " * 30, "Müller GmbH " * 30, "+491713920042", "Angebot", "10:42")
    assert "+491713920042: Angebot. 10:42" in text


words = st.text(st.sampled_from("aäß€^ \n😀łZ.:"), max_size=200)


@given(words, words, st.sampled_from(["", ". 10:42", ", bitte RR bis 14 Uhr. 10:42"]))
def test_whatever_is_said_fits_into_one_sms(head: str, body: str, tail: str) -> None:
    text = fit_one_sms(head, body, tail)
    assert fits_one_sms(text)
    assert text.encode("utf-16-be").decode("utf-16-be") == text
    assert text.endswith(tail.removeprefix("."))


@given(words, words, words, st.booleans())
def test_every_summary_is_one_sms_that_ends_with_the_time(
    name: str, company: str, concern: str, wish: bool
) -> None:
    text = summary(name, company, "+491713920042", concern, "10:42", "bitte RR" if wish else "")
    assert fits_one_sms(text)
    assert text.endswith("10:42")
    assert "+491713920042" in text
