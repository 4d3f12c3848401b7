from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from rules.model import CallNote, Channel, Customer, MessageKind, VipCaller
from rules.notification import Notification, SendOutcome, Told, retry_after, who_is_told
from tests.rules.cast import ERIKA, HANS_VIP, JENS, LENA, MUSTERMANN, NOTE, company

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


def test_a_deputy_who_took_the_call_hears_in_short_and_the_employee_in_full() -> None:
    note = replace(NOTE, put_through_to="jens")
    assert told(MUSTERMANN, note) == [("email", "note", ERIKA.email), ("email", "short", JENS.email)]


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


def test_the_whole_note_wins_over_the_short_one() -> None:
    house = company(ERIKA, replace(JENS, email=ERIKA.email))
    assert told(house, replace(NOTE, put_through_to="jens")) == [("email", "note", ERIKA.email)]


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


def test_a_correction_that_changes_nothing_is_no_news() -> None:
    was = replace(NOTE, put_through_to="jens", fields=(("a", "1"), ("b", "2")))
    assert corrected(MUSTERMANN, was, fields=(("b", "2"), ("a", "1")), vip_id="vip") == []


def waits(outcome: SendOutcome, channel: Channel) -> list[timedelta]:
    found: list[timedelta] = []
    for attempt in count(1):
        wait = retry_after(attempt, outcome, channel)
        if wait is None:
            return found
        found.append(wait)
    raise AssertionError


@pytest.mark.parametrize("channel", Channel)
def test_a_failed_message_is_tried_again_from_a_minute_growing(channel: Channel) -> None:
    tries = waits(SendOutcome.TEMPORARY, channel)
    assert tries[0] == timedelta(minutes=1)
    assert tries == sorted(tries)


def test_an_email_is_tried_for_a_day_or_two_an_sms_while_it_is_fresh() -> None:
    mail, sms = waits(SendOutcome.TEMPORARY, Channel.EMAIL), waits(SendOutcome.TEMPORARY, Channel.SMS)
    assert max(mail) == timedelta(hours=4)
    assert timedelta(hours=24) <= sum(mail, timedelta()) <= timedelta(hours=48)
    assert timedelta(hours=1) <= sum(sms, timedelta()) <= timedelta(hours=4)


@pytest.mark.parametrize("outcome", [SendOutcome.SENT, SendOutcome.PERMANENT])
@pytest.mark.parametrize("channel", Channel)
def test_what_was_sent_or_refused_for_good_is_not_tried_again(outcome: SendOutcome, channel: Channel) -> None:
    assert waits(outcome, channel) == []


def test_an_uncertain_sms_is_never_repeated_an_uncertain_email_is() -> None:
    assert waits(SendOutcome.UNCERTAIN, Channel.SMS) == []
    assert waits(SendOutcome.UNCERTAIN, Channel.EMAIL) == waits(SendOutcome.TEMPORARY, Channel.EMAIL)
