"""Every case of who was asked for, who took the call and what is wanted, read aloud."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx_bridge.outbox.composing.catalogue import words_of
from pbx_bridge.outbox.composing.compose import MessageFacts, Text, compose
from rules.model import CallNote, Channel, Customer, Employee, MessageKind, NoteField, Tariff, VipCaller
from rules.outbox.notification import Notification, unreached, who_is_told
from rules.outbox.sms_text import messages

ERIKA = Employee("erika", "Erika Beispiel", "Erika", "Beispiel", email="erika@mustermann.example")
JENS = Employee("jens", "Meier, Herr Jens", "Jens", "Meier", email="jens@mustermann.example")
WEISS = Employee("weiss", "Weiß, Dr.-Ing. Jörg", "Jörg", "Weiß")
LENA = Employee("lena", "Frau Lena Vogel", "Lena", "Vogel", email="Jens@mustermann.example")
HOUSE = Customer(
    "c1",
    "Mustermann AG",
    Tariff("t1", "Vermittlung", put_through=True),
    "Mustermann AG, [Vorname, Nachname].",
    default_email="zentrale@mustermann.example",
    employees=(ERIKA, JENS, WEISS, LENA),
    note_fields=(NoteField("number", "Kundennummer"),),
)
NOTE = CallNote(
    "n1", "Herr Mustermann", "Angebot", caller_company="Müller GmbH", callback_number="+491713920042",
    recipients=("erika",),
)  # fmt: skip
AT = datetime(2026, 11, 23, 9, 42, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 14)  # noqa: DTZ001 - wall time of the customer
DEPUTY = replace(NOTE, put_through_to="jens", asked_for="erika", concern="")


def told(note: CallNote, house: Customer = HOUSE, *vips: VipCaller) -> list[tuple[Notification, Text]]:
    facts = MessageFacts(note, house, "Anna Keller", AT, vip=vips[0] if vips else None)
    return [(one, compose(one, facts, words_of("de"))) for one in who_is_told(house, note, vips)]


@pytest.mark.parametrize(
    "note, at, subject, said",
    [
        (NOTE, "erika", "Anruf für Sie: Herr Mustermann (Müller GmbH), bitte zurückrufen",
         "wir haben einen Anruf von Herrn Mustermann (Müller GmbH) für Sie angenommen. "
         "Bitte rufen Sie zurück."),
        (replace(NOTE, callback_by=MONDAY), "erika",
         "Anruf für Sie: Herr Mustermann (Müller GmbH), bitte zurückrufen",
         "wir haben einen Anruf von Herrn Mustermann (Müller GmbH) für Sie angenommen. "
         "Bitte rufen Sie bis Montag, 30.11.2026, 14:00 Uhr zurück."),
        (replace(NOTE, callback_wanted=False), "erika", "Anruf für Sie: Herr Mustermann (Müller GmbH)",
         "wir haben einen Anruf von Herrn Mustermann (Müller GmbH) für Sie angenommen. "
         "Ein Rückruf ist nicht nötig."),
        (replace(NOTE, callback_number=""), "erika", "Anruf für Sie: Herr Mustermann (Müller GmbH)",
         "wir haben einen Anruf von Herrn Mustermann (Müller GmbH) für Sie angenommen."),
        (replace(NOTE, recipients=()), "zentrale",
         "Anruf für Mustermann AG: Herr Mustermann (Müller GmbH), bitte zurückrufen",
         "wir haben einen Anruf von Herrn Mustermann (Müller GmbH) angenommen. "
         "Bitte rufen Sie zurück."),
        (replace(NOTE, recipients=("weiss",)), "zentrale",
         "Anruf für Dr.-Ing. Jörg Weiß: Herr Mustermann (Müller GmbH), bitte zurückrufen",
         "wir haben einen Anruf von Herrn Mustermann (Müller GmbH) für Dr.-Ing. Jörg Weiß angenommen. "
         "Es wird um Rückruf gebeten. Für Dr.-Ing. Jörg Weiß ist keine E-Mail-Adresse hinterlegt. "
         "Bitte geben Sie die Nachricht weiter."),
        (replace(NOTE, recipients=("jens", "lena")), "jens",
         "Anruf für Herrn Jens Meier und Frau Lena Vogel: Herr Mustermann (Müller GmbH), bitte zurückrufen",
         "wir haben einen Anruf von Herrn Mustermann (Müller GmbH) für Herrn Jens Meier und Frau Lena Vogel "
         "angenommen. Bitte rufen Sie zurück."),
        (replace(NOTE, recipients=("jens",), asked_for="erika"), "jens",
         "Anruf für Sie: Herr Mustermann (Müller GmbH), bitte zurückrufen",
         "wir haben einen Anruf von Herrn Mustermann (Müller GmbH) für Sie angenommen. "
         "Verlangt wurde Erika Beispiel. Bitte rufen Sie zurück."),
        (replace(NOTE, put_through_to="erika", asked_for="erika"), "erika",
         "Zu Ihnen durchgestellt: Herr Mustermann (Müller GmbH)",
         "zur Information: Wir haben Herrn Mustermann (Müller GmbH)"
         " am Montag, 23.11.2026, um 10:42 Uhr zu Ihnen durchgestellt."),
        (replace(NOTE, put_through_to="erika", asked_for="erika", callback_wanted=True), "erika",
         "Zu Ihnen durchgestellt: Herr Mustermann (Müller GmbH), bitte zurückrufen",
         "zur Information: Wir haben Herrn Mustermann (Müller GmbH)"
         " am Montag, 23.11.2026, um 10:42 Uhr zu Ihnen durchgestellt. "
         "Bitte rufen Sie zurück."),
        (DEPUTY, "erika", "Anruf für Sie, von Herrn Jens Meier angenommen: Herr Mustermann (Müller GmbH)",
         "zur Information: Wir haben einen Anruf von Herrn Mustermann (Müller GmbH)"
         " am Montag, 23.11.2026, um 10:42 Uhr "
         "zu Herrn Jens Meier durchgestellt. Der Anruf galt Ihnen."),
        (DEPUTY, "jens", "Zu Ihnen durchgestellt: Herr Mustermann (Müller GmbH), für Erika Beispiel",
         "zur Information: Wir haben Herrn Mustermann (Müller GmbH)"
         " am Montag, 23.11.2026, um 10:42 Uhr zu Ihnen durchgestellt. "
         "Der Anruf galt Erika Beispiel."),
        (replace(DEPUTY, callback_wanted=True), "erika",
         "Anruf für Sie: Herr Mustermann (Müller GmbH), bitte zurückrufen",
         "wir haben einen Anruf von Herrn Mustermann (Müller GmbH) für Sie angenommen. "
         "Wir haben ihn zu Herrn Jens Meier durchgestellt. Bitte rufen Sie zurück."),
        (replace(DEPUTY, asked_for="lena", recipients=()), "jens",
         "Anruf für Frau Lena Vogel, von Herrn Jens Meier angenommen: Herr Mustermann (Müller GmbH)",
         "zur Information: Wir haben einen Anruf von Herrn Mustermann (Müller GmbH)"
         " am Montag, 23.11.2026, um 10:42 Uhr "
         "zu Herrn Jens Meier durchgestellt. Der Anruf galt Frau Lena Vogel."),
        (replace(NOTE, put_through_to="erika", caller_name="", caller_company=""), "erika",
         "Zu Ihnen durchgestellt: +49 171 3920042",
         "zur Information: Wir haben einen Anruf von +49 171 3920042"
         " am Montag, 23.11.2026, um 10:42 Uhr zu Ihnen durchgestellt."),
        (replace(NOTE, put_through_to="erika", caller_name="", caller_company="", callback_number=""),
         "erika",
         "Zu Ihnen durchgestellt: jemand ohne Rufnummer",
         "zur Information: Wir haben einen Anruf ohne Rufnummer"
         " am Montag, 23.11.2026, um 10:42 Uhr zu Ihnen durchgestellt."),
        (replace(NOTE, put_through_to="gone"), "erika",
         "Anruf für Sie, durchgestellt: Herr Mustermann (Müller GmbH)",
         "zur Information: Wir haben einen Anruf von Herrn Mustermann (Müller GmbH)"
         " am Montag, 23.11.2026, um 10:42 Uhr "
         "durchgestellt. Der Anruf galt Ihnen."),
    ],
)  # fmt: skip
def test_each_reads_what_is_true_for_them(note: CallNote, at: str, subject: str, said: str) -> None:
    (found,) = [text for one, text in told(note) if one.address.casefold() == f"{at}@mustermann.example"]
    assert found.subject == subject
    assert said in found.text.splitlines()


@pytest.mark.parametrize(
    "after, at, subject, said",
    [
        ({"recipients": ("jens",)}, "erika",
         "Berichtigung: Anruf von Herrn Mustermann (Müller GmbH), jetzt bei Herrn Jens Meier",
         "die Notiz zum Anruf von Herrn Mustermann (Müller GmbH)"
         " am Montag, 23.11.2026, um 10:42 Uhr liegt jetzt "
         "bei Herrn Jens Meier. Sie müssen sich nicht mehr darum kümmern."),
        ({"recipients": ("jens",)}, "jens",
         "Anruf für Sie: Herr Mustermann (Müller GmbH), bitte zurückrufen",
         "wir haben einen Anruf von Herrn Mustermann (Müller GmbH) für Sie angenommen. "
         "Bitte rufen Sie zurück."),
        ({"recipients": ()}, "erika",
         "Berichtigung: Anruf von Herrn Mustermann (Müller GmbH), jetzt bei der zentralen Adresse",
         "die Notiz zum Anruf von Herrn Mustermann (Müller GmbH)"
         " am Montag, 23.11.2026, um 10:42 Uhr liegt jetzt "
         "bei der zentralen Adresse Ihres Unternehmens. Sie müssen sich nicht mehr darum kümmern."),
        ({"callback_wanted": False}, "erika", "Berichtigung: Anruf für Sie: Herr Mustermann (Müller GmbH)",
         "wir haben einen Anruf von Herrn Mustermann (Müller GmbH) für Sie angenommen. "
         "Ein Rückruf ist nicht nötig."),
    ],
)  # fmt: skip
def test_a_correction_tells_everybody_what_holds_now(
    after: dict[str, object], at: str, subject: str, said: str
) -> None:
    note = replace(NOTE, id="n2", **after)  # type: ignore[arg-type]
    facts = MessageFacts(note, HOUSE, "Anna Keller", AT)
    sent = [(one, compose(one, facts, words_of("de"))) for one in who_is_told(HOUSE, note, replaces=NOTE)]
    (found,) = [text for one, text in sent if one.address == f"{at}@mustermann.example"]
    assert found.subject == subject
    assert said in found.text.splitlines()


@pytest.mark.parametrize(
    "note, at, subject",
    [
        (NOTE, "erika", "Neue Anrufnotiz für Sie"),
        (replace(NOTE, urgent=True), "erika", "Dringend: Neue Anrufnotiz für Sie"),
        (replace(NOTE, recipients=()), "zentrale", "Neue Anrufnotiz für Mustermann AG"),
        (replace(NOTE, recipients=("weiss",)), "zentrale", "Neue Anrufnotiz für Dr.-Ing. Jörg Weiß"),
        (DEPUTY, "erika", "Ein Anruf für Sie wurde angenommen"),
        (DEPUTY, "jens", "Ein Anruf wurde zu Ihnen durchgestellt"),
    ],
)
def test_a_professional_secret_stays_out_of_the_subject(note: CallNote, at: str, subject: str) -> None:
    sent = told(note, replace(HOUSE, confidential=True))
    (found,) = [text for one, text in sent if one.address == f"{at}@mustermann.example"]
    assert found.subject == subject


@pytest.mark.parametrize(
    "people, greeting",
    [
        (("erika",), "Guten Tag Erika Beispiel,"),
        (("jens",), "Guten Tag Herr Meier,"),
        (("weiss",), "Guten Tag,"),
        ((), "Guten Tag,"),
        (("jens", "lena"), "Guten Tag Herr Meier, guten Tag Frau Vogel,"),
    ],
)
def test_whoever_reads_it_is_greeted_as_far_as_one_knows(people: tuple[str, ...], greeting: str) -> None:
    _, found = told(replace(NOTE, recipients=people))[0]
    assert found.text.splitlines()[2] == greeting
    assert f">{greeting}<" in found.html.replace("\N{NO-BREAK SPACE}", " ")


# ---- what holds in every case

PEOPLE = ("erika", "jens", "weiss", "lena")
WISHES = replace(ERIKA, sms=True, vip_sms=True, mobile="+491713920001", cc=("team@mustermann.example",))
HOUSES = st.builds(
    lambda confidential, default, parts, deaf: replace(
        HOUSE,
        confidential=confidential,
        default_email=default,
        tariff=replace(HOUSE.tariff, sms_parts=parts),
        employees=(
            replace(WISHES, email="" if deaf else WISHES.email),
            replace(JENS, sms=True, vip_sms=True, mobile="+491713920002", cc=("Team@mustermann.example",)),
            WEISS,
            replace(LENA, sms=True, mobile="+491713920002"),
        ),
    ),
    st.booleans(),
    st.sampled_from(["zentrale@mustermann.example", "", ERIKA.email]),
    st.sampled_from([1, 2]),
    st.booleans(),
)
NOTES = st.builds(
    CallNote,
    id=st.just("n1"),
    caller_name=st.sampled_from(["Herr Mustermann", "María Gómez", "Frau Dr. Weiß", ""]),
    concern=st.sampled_from(["Angebot", "", "Lieferung " * 80]),
    caller_company=st.sampled_from(["", "Müller GmbH"]),
    callback_number=st.sampled_from(["", "+491713920042"]),
    urgent=st.booleans(),
    callback_by=st.sampled_from([None, MONDAY]),
    recipients=st.lists(st.sampled_from(PEOPLE), max_size=3).map(tuple),
    put_through_to=st.sampled_from([None, *PEOPLE, "gone"]),
    callback_wanted=st.sampled_from([None, True, False]),
    asked_for=st.sampled_from([None, *PEOPLE, "gone"]),
)
VIP = VipCaller("v1", "+491713920042", "Hans Mustermann")
ASKS = re.compile(r"bitte zurückrufen|bitte RR|\bRR\b|[Bb]itte rufen Sie|um Rückruf|Rückruf bis|Rückruf: \+")


@given(HOUSES, NOTES, st.booleans())
def test_everybody_hears_exactly_once_and_nothing_untrue(house: Customer, note: CallNote, vip: bool) -> None:
    sent = told(note, house, *([VIP] if vip else []))
    for channel in Channel:
        reached = [
            ((one.kind if channel is Channel.SMS else ""), address.casefold())
            for one, _ in sent
            if one.channel is channel
            for address in (one.address, *one.cc)
        ]
        assert len(reached) == len(set(reached)), "each address once"
    meant = {*note.recipients} | ({note.asked_for} if note.put_through_to else set()) | {note.put_through_to}
    told_by_mail = set(chain.from_iterable(one.people for one, _ in sent if one.channel is Channel.EMAIL))
    known = {person.id for person in house.employees}
    deaf = {person.id for person in unreached(house, note)}
    assert (meant & known) - deaf <= told_by_mail
    for one, text in sent:
        whole = f"{text.subject}\n{text.text}\n{text.html}"
        assert not re.search(
            r"\bNone\b|[{}]|  \S|\b(?:von|für|zu|bei|haben) Herr\b", text.subject + text.text
        )
        if ASKS.search(whole):
            assert note.wants_callback, whole
        took = set(one.people) == {note.put_through_to} and note.put_through_to is not None
        if one.channel is Channel.SMS:
            assert messages(text.text) <= house.tariff.sms_parts
            still_open = note.put_through_to is None or note.callback_wanted is True
            assert took or still_open, "no SMS about what somebody else has done already"
            assert house.confidential or note.callback_number in text.text
            if one.kind is MessageKind.NOTE and not house.confidential:
                assert note.concern[:8].strip() in text.text
                assert ("RR" in text.text) is note.wants_callback
        elif took:
            asked = house.employee(note.asked_for)
            assert asked is None or asked.id in one.people or asked.family_name in text.text
        elif note.put_through_to in known:
            taker = house.employee(note.put_through_to)
            assert taker is not None
            assert taker.family_name in text.text, "whoever did not take it hears who did"
        if house.confidential:
            shown = text.subject or text.text
            assert not any(
                word in shown for word in ("Mustermann (", "Gómez", "Dr. Weiß", "3920042", "Angebot")
            )


@pytest.mark.parametrize(
    "locale, said",
    [
        ("de", "Wir haben ihn an 030 23125190 durchgestellt. Ein Rückruf ist nicht nötig."),
        ("en", "We put it through to 030 23125190. No call-back is needed."),
    ],
)
def test_a_number_outside_is_named_to_whoever_gets_the_note(locale: str, said: str) -> None:
    note = replace(NOTE, callback_wanted=False)
    facts = MessageFacts(
        note, HOUSE, "Anna Keller", AT, (("030 23125190", "joined"),), outside="030 23125190"
    )
    (text,) = [compose(one, facts, words_of(locale)).text for one in who_is_told(HOUSE, note, ())]
    assert said in " ".join(text.split())
    assert "030 23125190 (durchgestellt)" in text or "030 23125190 (put through)" in text
