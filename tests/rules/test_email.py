"""Addresses as people copy them out of their mail programs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from rules.text.email import bare_email, is_email, split_emails

ANNA, JENS = "anna.keller@example.org", "jens@example.org"


@pytest.mark.parametrize(
    "copied",
    [
        ANNA,
        f"  {ANNA}\n",
        f"<{ANNA}>",
        f"Anna Keller <{ANNA}>",
        f'"Keller, Anna" <{ANNA}>',
        f"'Anna' < {ANNA} >",
        f"mailto:{ANNA}",
        f"MailTo: {ANNA}",
        f"Anna <mailto:{ANNA}>",
    ],
)
def test_the_address_that_is_meant_is_taken(copied: str) -> None:
    assert bare_email(copied) == ANNA
    assert split_emails(copied) == (ANNA,)


@pytest.mark.parametrize(
    "listed",
    [
        f"{ANNA}, {JENS}",
        f"{ANNA} {JENS}",
        f"{ANNA};{JENS};",
        f"{ANNA}\n{JENS}",
        f"Anna Keller <{ANNA}>; Jens Meier <{JENS}>",
        f"Keller, Anna <{ANNA}>; Meier, Jens <{JENS}>",
        f"Anna Keller <{ANNA}>, Jens Meier <{JENS}>, Anna Keller <{ANNA}>",
        f"Anna <{ANNA}>, {JENS}",
        f"{ANNA}, {JENS}, {ANNA.upper()}",
    ],
)
def test_all_that_are_listed_are_found(listed: str) -> None:
    assert set(split_emails(listed)) == {ANNA, JENS}


@pytest.mark.parametrize(
    "wrong",
    [
        "Anna",
        "Anna Keller",
        "Anna <>",
        "<<a@example.org>>",
        f"{ANNA} {JENS}",
        f"<{ANNA}> <{JENS}>",
        "a <b>",
        f"<{ANNA}",
        f"Anna <{ANNA}>\nBcc: x@example.org",
        "mailto:",
        "mailto:mailto:a@example.org",
    ],
)
def test_what_is_no_single_address_stays_none(wrong: str) -> None:
    assert not is_email(bare_email(wrong))


@pytest.mark.parametrize("wrong", ["chef", f"{ANNA}, chef", "Anna <chef>", f"{ANNA}, <>"])
def test_what_is_no_address_in_a_list_is_not_lost(wrong: str) -> None:
    assert not all(map(is_email, split_emails(wrong)))


FINE = (
    *(f"anna@{domain}" for domain in ("büro.example.org", "xn--bro-hoa.example.org", "1.example.org")),
    *(f"anna@{domain}" for domain in ("firma.local", "firma.lan", "firma.intern")),
    *(f"{name}@example.org" for name in ("o'brien", "anna+anrufe", "a_b-c.d", "1")),
)
NONE = (
    *(f"{name}@example.org" for name in ("jörg", '"a b"', ".anna", "anna.", "a..b", "", "a b", "a\0")),
    *(f"anna@{domain}" for domain in ("org", "example.org.", "-x.org", "x-.org", "x_y.org", "[::1]")),
    # By these no mail server can be found, though they look like names.
    *(f"anna@{domain}" for domain in ("192.0.2.7", "example.123", "ab--cd.example", "\u0663.example")),
    *(f"anna@{domain}" for domain in ("firma.invalid", "firma.localhost", "firma.onion")),
)


@pytest.mark.parametrize("text, fine", [*((one, True) for one in FINE), *((one, False) for one in NONE)])
def test_an_address_is_one_to_which_mail_can_go(text: str, fine: bool) -> None:
    assert is_email(text) is fine


def test_nobody_is_asked_in_the_dns() -> None:
    code = "import sys; from rules.text import email; email.is_email('a@b.de'); print('dns' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
