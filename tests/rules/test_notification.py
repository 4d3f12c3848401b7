from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from rules.model import CallNote, Channel, Customer, MessageKind, VipCaller
from rules.outbox.notification import (
    AttemptOutcome,
    Notification,
    Told,
    given_up_after,
    retry_after,
    unreached,
    who_is_told,
)
from tests.rules.sample_facts import ERIKA, HANS_VIP, JENS, LENA, MUSTERMANN, NOTE, company

WISHES_SMS = replace(ERIKA, sms=True)
WISHES_VIP_SMS = replace(ERIKA, vip_sms=True)


def told(customer: Customer, note: CallNote, *vips: VipCaller) -> list[tuple[str, str, str]]:
    return [(n.channel, n.kind, n.address) for n in who_is_told(customer, note, vips)]


def test_the_employee_gets_the_whole_note_with_copies() -> None:
    erika = replace(ERIKA, cc=("team@mustermann.example", "archiv@mustermann.example"))
    assert who_is_told(company(erika), NOTE) == (
        Notification("erika", Channel.EMAIL, MessageKind.NOTE, erika.email, erika.cc, Told.RECIPIENT),
    )


def test_after_a_put_through_the_one_who_took_it_hears_in_short() -> None:
    note = replace(NOTE, put_through_to="erika")
    (mail,) = who_is_told(MUSTERMANN, note)
    assert (mail.kind, mail.reason) == (MessageKind.SHORT, Told.PUT_THROUGH)


def test_a_deputy_who_took_the_call_and_the_employee_both_hear_in_short() -> None:
    house = company(replace(WISHES_SMS, vip_sms=True), JENS)
    note = replace(NOTE, put_through_to="jens")
    mails = who_is_told(house, note, (HANS_VIP,))
    assert [(m.kind, m.address, m.reason) for m in mails] == [
        ("short", ERIKA.email, Told.TAKEN),
        ("short", JENS.email, Told.PUT_THROUGH),
    ], "and no SMS as if anybody still had to call"


def test_whoever_was_asked_for_hears_that_somebody_else_took_it_also_when_the_agent_named_nobody() -> None:
    note = replace(NOTE, recipients=(), put_through_to="jens", asked_for="erika")
    assert told(MUSTERMANN, note) == [("email", "short", ERIKA.email), ("email", "short", JENS.email)]
    assert told(MUSTERMANN, replace(note, asked_for="jens")) == [("email", "short", JENS.email)]
    untaken = replace(note, put_through_to=None)
    assert told(MUSTERMANN, untaken) == [("email", "note", MUSTERMANN.default_email)], "the agent chose"


def test_after_a_put_through_the_whole_note_goes_out_only_if_a_call_back_is_wanted() -> None:
    note = replace(NOTE, put_through_to="jens", callback_wanted=True)
    assert told(company(WISHES_SMS, JENS), note) == [
        ("email", "note", ERIKA.email),
        ("email", "short", JENS.email),
        ("sms", "note", ERIKA.mobile),
    ]


def test_a_put_through_needs_no_recipient() -> None:
    assert told(MUSTERMANN, replace(NOTE, recipients=(), put_through_to="jens")) == [
        ("email", "short", JENS.email)
    ]


@pytest.mark.parametrize("recipients", [(), ("gone",)])
def test_for_nobody_in_particular_the_default_address_is_told(recipients: tuple[str, ...]) -> None:
    (mail,) = who_is_told(MUSTERMANN, replace(NOTE, recipients=recipients))
    assert (mail.employee_id, mail.address, mail.reason) == (None, MUSTERMANN.default_email, Told.DEFAULT)


def test_an_employee_without_address_is_told_at_the_default_address() -> None:
    (mail,) = who_is_told(company(replace(ERIKA, email=" ")), NOTE)
    assert (mail.employee_id, mail.address, mail.reason) == (
        "erika",
        MUSTERMANN.default_email,
        Told.NO_ADDRESS,
    )


def test_a_copy_address_alone_is_an_address() -> None:
    (mail,) = who_is_told(company(replace(ERIKA, email="", cc=("team@mustermann.example",))), NOTE)
    assert (mail.address, mail.cc, mail.reason) == ("team@mustermann.example", (), Told.RECIPIENT)


def test_nobody_at_all_can_be_told() -> None:
    assert who_is_told(replace(company(), default_email=""), NOTE) == ()


def test_nobody_is_told_twice_at_one_address() -> None:
    erika = replace(
        ERIKA, cc=("team@mustermann.example", JENS.email.upper(), "Team@mustermann.example", ERIKA.email)
    )
    jens = replace(JENS, cc=("team@mustermann.example", "jens@privat.example"))
    lena = replace(LENA, email=JENS.email)
    mails = who_is_told(
        company(erika, jens, lena), replace(NOTE, recipients=("erika", "jens", "lena", "erika"))
    )
    assert [(m.address, m.cc) for m in mails] == [
        (ERIKA.email, ("team@mustermann.example",)),
        (JENS.email, ("jens@privat.example",)),
    ]


def test_the_whole_note_wins_over_the_short_one_and_is_for_both() -> None:
    house = company(ERIKA, replace(JENS, email=ERIKA.email, cc=("archiv@mustermann.example",)))
    note = replace(NOTE, put_through_to="jens", callback_wanted=True)
    (mail,) = who_is_told(house, note)
    assert (mail.kind, mail.address, mail.people) == ("note", ERIKA.email, ("erika", "jens"))
    assert mail.cc == ("archiv@mustermann.example",), "copies of both"


def test_those_whom_nothing_reaches_are_named() -> None:
    deaf = replace(company(replace(ERIKA, email=""), JENS), default_email="")
    assert [person.id for person in unreached(deaf, NOTE)] == ["erika"]
    assert unreached(replace(deaf, default_email="zentrale@mustermann.example"), NOTE) == ()
    assert unreached(deaf, replace(NOTE, recipients=("jens",))) == ()
    assert [p.id for p in unreached(deaf, replace(NOTE, recipients=("jens",), put_through_to="erika"))] == [
        "erika"
    ]


def test_an_sms_goes_to_who_wants_one_and_has_a_mobile() -> None:
    assert told(company(WISHES_SMS), NOTE)[1:] == [("sms", "note", ERIKA.mobile)]
    assert told(company(replace(WISHES_SMS, mobile="")), NOTE)[1:] == []
    assert told(company(ERIKA), NOTE)[1:] == []


def test_after_a_put_through_no_summary_goes_out_by_sms() -> None:
    assert told(company(WISHES_SMS), replace(NOTE, put_through_to="erika"))[1:] == []


def test_a_vip_is_worth_another_sms() -> None:
    both = replace(ERIKA, sms=True, vip_sms=True)
    assert told(company(both), NOTE, HANS_VIP)[1:] == [
        ("sms", "note", ERIKA.mobile),
        ("sms", "vip", ERIKA.mobile),
    ]
    assert told(company(WISHES_VIP_SMS), NOTE, HANS_VIP)[1:] == [("sms", "vip", ERIKA.mobile)]
    assert told(company(WISHES_VIP_SMS), replace(NOTE, put_through_to="erika"), HANS_VIP)[1:] == [
        ("sms", "vip", ERIKA.mobile)
    ]
    assert told(company(WISHES_VIP_SMS), NOTE)[1:] == []
    assert told(company(replace(WISHES_VIP_SMS, mobile="")), NOTE, HANS_VIP)[1:] == []


def test_a_vip_of_somebody_else_is_not_worth_it() -> None:
    assert told(company(WISHES_VIP_SMS), NOTE, replace(HANS_VIP, employee_id="jens"))[1:] == []
    assert len(told(company(WISHES_VIP_SMS), NOTE, replace(HANS_VIP, employee_id="erika"))) == 2


def test_the_vip_of_the_note_is_looked_up_where_no_list_is_given() -> None:
    house = replace(company(WISHES_VIP_SMS), vip_callers=(HANS_VIP,))
    assert len(told(house, replace(NOTE, vip_id=HANS_VIP.id))) == 2


def test_two_people_with_one_mobile_get_one_sms() -> None:
    house = company(WISHES_SMS, replace(JENS, sms=True, mobile=ERIKA.mobile))
    sms = [
        n for n in who_is_told(house, replace(NOTE, recipients=("erika", "jens"))) if n.channel is Channel.SMS
    ]
    assert [n.employee_id for n in sms] == ["erika"]


def test_a_professional_secret_stays_out_of_sms_and_subject() -> None:
    practice = replace(company(WISHES_SMS), confidential=True)
    assert all(n.discreet for n in who_is_told(practice, NOTE))
    assert not any(n.discreet for n in who_is_told(company(WISHES_SMS), NOTE))


def corrected(house: Customer, was: CallNote, **changes: object) -> list[tuple[str, str, str]]:
    mended = replace(was, id="n2", **changes)  # type: ignore[arg-type]
    return [(n.channel, n.kind, n.address) for n in who_is_told(house, mended, replaces=was)]


def test_a_correction_goes_by_mail_to_whoever_was_told_also_to_the_one_who_took_the_call() -> None:
    house, was = company(WISHES_SMS, JENS), replace(NOTE, put_through_to="jens")
    assert corrected(house, was, concern="Anderes") == [
        ("email", "correction", ERIKA.email),
        ("email", "correction", JENS.email),
    ]
    assert corrected(house, replace(was, recipients=()), callback_number="+493023125042") == [
        ("email", "correction", JENS.email)
    ]


def test_a_correction_for_nobody_in_particular_goes_to_the_default_address() -> None:
    was = replace(NOTE, recipients=())
    assert corrected(MUSTERMANN, was, urgent=True) == [("email", "correction", MUSTERMANN.default_email)]


def test_whoever_is_named_only_now_gets_the_note_as_news_and_the_others_nothing_twice() -> None:
    house = company(ERIKA, replace(JENS, sms=True))
    assert corrected(house, NOTE, recipients=("erika", "jens")) == [
        ("email", "note", JENS.email),
        ("sms", "note", JENS.mobile),
    ]


def test_whoever_a_note_is_no_longer_for_hears_that_too() -> None:
    (to_jens, to_erika) = who_is_told(MUSTERMANN, replace(NOTE, id="n2", recipients=("jens",)), replaces=NOTE)
    assert (to_jens.kind, to_jens.address) == ("note", JENS.email)
    assert (to_erika.kind, to_erika.address, to_erika.reason) == ("correction", ERIKA.email, Told.WITHDRAWN)
    (to_company, to_erika) = who_is_told(MUSTERMANN, replace(NOTE, id="n2", recipients=()), replaces=NOTE)
    assert (to_company.kind, to_company.address) == ("note", MUSTERMANN.default_email)
    assert to_erika.reason is Told.WITHDRAWN


def test_an_address_that_was_told_before_gets_a_correction_whoever_it_is_for_now() -> None:
    house = company(ERIKA, replace(JENS, email=ERIKA.email))
    assert corrected(house, NOTE, recipients=("jens",)) == [("email", "correction", ERIKA.email)]


def test_whether_to_call_back_is_news() -> None:
    was = replace(NOTE, callback_number="+491713920042")
    assert corrected(MUSTERMANN, was, callback_wanted=False) == [("email", "correction", ERIKA.email)]
    assert corrected(MUSTERMANN, was, callback_wanted=True) == [], "as it was understood before"


def test_a_correction_that_changes_nothing_is_no_news() -> None:
    was = replace(NOTE, put_through_to="jens", fields=(("a", "1"), ("b", "2")))
    assert corrected(MUSTERMANN, was, fields=(("b", "2"), ("a", "1")), vip_id="vip") == []


def waits(outcome: AttemptOutcome, channel: Channel) -> list[timedelta]:
    found: list[timedelta] = []
    for attempt in count(1):
        wait = retry_after(attempt, outcome, channel)
        if wait is None:
            return found
        found.append(wait)
    raise AssertionError


@pytest.mark.parametrize("channel", Channel)
def test_a_failed_message_is_tried_again_from_a_minute_growing(channel: Channel) -> None:
    tries = waits(AttemptOutcome.TEMPORARY, channel)
    assert tries[0] == timedelta(minutes=1)
    assert tries == sorted(tries)


def test_an_email_is_tried_for_a_day_or_two_an_sms_while_it_is_fresh() -> None:
    mail, sms = waits(AttemptOutcome.TEMPORARY, Channel.EMAIL), waits(AttemptOutcome.TEMPORARY, Channel.SMS)
    assert max(mail) == timedelta(hours=4)
    assert timedelta(hours=24) <= sum(mail, timedelta()) <= timedelta(hours=48)
    assert timedelta(hours=1) <= sum(sms, timedelta()) <= timedelta(hours=4)


@pytest.mark.parametrize("outcome", [AttemptOutcome.SENT, AttemptOutcome.PERMANENT])
@pytest.mark.parametrize("channel", Channel)
def test_what_was_sent_or_refused_for_good_is_not_tried_again(
    outcome: AttemptOutcome, channel: Channel
) -> None:
    assert waits(outcome, channel) == []


def test_an_uncertain_sms_is_never_repeated_an_uncertain_email_twice() -> None:
    """A lost note is worse than a second copy; a copy every hour for two days is worse than both."""
    assert waits(AttemptOutcome.UNCERTAIN, Channel.SMS) == []
    assert waits(AttemptOutcome.UNCERTAIN, Channel.EMAIL) == [timedelta(minutes=1), timedelta(minutes=10)]


@pytest.mark.parametrize("channel", Channel)
def test_a_closed_way_out_costs_no_message_for_days(channel: Channel) -> None:
    assert timedelta(days=2) <= given_up_after(channel) <= timedelta(days=14)
