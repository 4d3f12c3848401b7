from __future__ import annotations

import pytest

from rules.fault import Fault
from rules.model import Channel
from rules.outbox.other_address import read_other_address


@pytest.mark.parametrize(
    "typed, channel, address",
    [
        (" anna@example.org ", Channel.EMAIL, "anna@example.org"),
        ("Anna Keller <anna@example.org>", Channel.EMAIL, "anna@example.org"),
        ("0171 3920042", Channel.SMS, "+491713920042"),
        ("+49 (0)171 39200-42", Channel.SMS, "+491713920042"),
    ],
)
def test_what_is_an_address(typed: str, channel: Channel, address: str) -> None:
    assert read_other_address(typed, channel, "DE") == address


@pytest.mark.parametrize(
    "typed, channel, code",
    [
        ("  ", Channel.EMAIL, "required"),
        ("anna@", Channel.EMAIL, "email"),
        ("a@b.example, c@d.example", Channel.EMAIL, "email_two"),
        ("anna@example.org\nBcc: x@example.org", Channel.EMAIL, "email_two"),
        ("x" * 600, Channel.EMAIL, "too_long"),
        ("anna@example.org", Channel.SMS, "mobile"),
        ("030 23125100", Channel.SMS, "mobile"),
        ("0171 39", Channel.SMS, "mobile"),
    ],
)
def test_what_is_none_is_named(typed: str, channel: Channel, code: str) -> None:
    found = read_other_address(typed, channel, "DE")
    assert isinstance(found, Fault)
    assert (found.field, found.code) == ("address", code)
