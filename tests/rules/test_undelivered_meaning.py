"""What a code of a mail server or an SMS gateway says to people who know none."""

from __future__ import annotations

import pytest

from pbx_bridge.web.i18n import catalogue
from rules.outbox.undelivered import Meaning, meaning

MEANS = {
    "smtp_550": Meaning.REFUSED,  # everything says 550
    "smtp_550 5.1.1 <…>: user unknown": Meaning.NO_MAILBOX,
    "smtp_550 5.2.1 mailbox disabled": Meaning.MAILBOX_CLOSED,
    "smtp_550 5.7.1 relaying denied": Meaning.BLOCKED,
    "smtp_550 5.4.4 host unknown": Meaning.NO_ROUTE,
    "smtp_452 4.2.2 over quota": Meaning.MAILBOX_FULL,
    "smtp_452": Meaning.MAILBOX_FULL,
    "smtp_451 greylisted": Meaning.FOR_NOW,
    "smtp_421": Meaning.FOR_NOW,
    "smtp_551": Meaning.NO_MAILBOX,
    "smtp_552": Meaning.MAILBOX_FULL,
    "smtp_552 5.3.4 too big": Meaning.TOO_LARGE,
    "smtp_553": Meaning.NO_MAILBOX,
    "smtp_535 5.7.8 bad credentials": Meaning.LOG_IN,
    "smtp_535": Meaning.LOG_IN,
    "smtp_554 5.7.1 spam": Meaning.BLOCKED,
    "smtp_554": Meaning.REFUSED,
    "smtp_599": Meaning.REFUSED,
    "mail_server_silent": Meaning.SERVER,
    "mail_tls": Meaning.SERVER,
    "mail_answer_unclear 999": Meaning.UNCLEAR,
    "http_403 no": Meaning.GATEWAY_REFUSED,
    "http_500": Meaning.GATEWAY_FAILED,
    "answer_not_understood": Meaning.UNCLEAR,
    "transport_broke ValueError": Meaning.OURS,
    "stopped": Meaning.OURS,
    "too_old": Meaning.NOTHING,
    "report_2": Meaning.NOTHING,
    "no_answer_after_data": Meaning.NOTHING,
    "seven_900": Meaning.NOTHING,
    "": Meaning.NOTHING,
}


@pytest.mark.parametrize("detail", MEANS)
def test_what_a_code_means(detail: str) -> None:
    assert meaning(detail) is MEANS[detail]


@pytest.mark.parametrize("code", range(400, 600))
def test_no_answer_of_a_mail_server_is_left_without_words(code: int) -> None:
    assert meaning(f"smtp_{code}") is not Meaning.NOTHING


@pytest.mark.parametrize("locale", ["de", "en"])
def test_each_has_its_words(locale: str) -> None:
    words = {key for key in catalogue("web", locale) if key.startswith("undelivered.meaning.")}
    assert words == {f"undelivered.meaning.{one}" for one in Meaning if one}
