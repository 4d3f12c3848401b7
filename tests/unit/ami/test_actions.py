from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx_bridge.ami import actions
from pbx_bridge.ami.actions import Action, Login, Originate, QueueAdd, QueuePause, Redirect, caller_id
from pbx_bridge.ami.codec import ACTIONS, encode
from pbx_bridge.ami.errors import Unsendable

RING = Originate(
    attempt="1795424814.0-a1",
    channel="Local/493023125001@sec-target/n",
    context="sec-answered",
    timeout_ms=30_000,
    caller_name="Müller, Hans",
    caller_number="+491713920042",
    variables=(("__SEC_CALL", "1795424814.0"), ("__SEC_CHAN", "PJSIP/trunk-00000000")),
)


def test_known_actions_are_exactly_the_typed_ones() -> None:
    typed = {
        kind.name
        for kind in vars(actions).values()
        if isinstance(kind, type) and issubclass(kind, Action) and kind is not Action
    }
    assert typed == ACTIONS


def test_originate_is_asynchronous_into_our_own_context_and_names_its_attempt() -> None:
    headers = dict(RING.headers()[:-2])
    assert headers == {
        "Action": "Originate",
        "ChannelId": "1795424814.0-a1",
        "Codecs": "alaw",
        "OtherChannelId": "1795424814.0-a1b",
        "Channel": "Local/493023125001@sec-target/n",
        "Context": "sec-answered",
        "Exten": "s",
        "Priority": "1",
        "Timeout": "30000",
        "CallerID": '"Müller, Hans" <+491713920042>',
        "Async": "true",
    }
    assert RING.headers()[-2:] == [
        ("Variable", "__SEC_CALL=1795424814.0"),
        ("Variable", "__SEC_CHAN=PJSIP/trunk-00000000"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"channel": "PJSIP/490900123456@trunk"},
        {"channel": "Local/493023125001@sec-target"},
        {"channel": "Local/493023125001@from-internal/n"},
        {"channel": "Local/4930&PJSIP/x@sec-target/n"},
        {"context": "from-trunk"},
        {"attempt": "a b"},
        {"attempt": "x" * 150},
        {"variables": (("A", "1,B=2"),)},
        {"variables": (("A,B", "1"),)},
    ],
)
def test_originate_into_anything_else_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(Unsendable):
        replace(RING, **change).headers()  # type: ignore[arg-type]  # fields by name


@given(st.text(max_size=120), st.text(max_size=30))
def test_foreign_caller_can_always_be_shown_and_never_leaves_the_quotes(name: str, number: str) -> None:
    value = caller_id(name, number)
    if any(0xD800 <= ord(sign) < 0xE000 for sign in value):
        return
    encode([("Action", "Originate"), ("CallerID", value)])
    shown, _, rest = value.rpartition("<")
    assert shown.count('"') in {0, 2}
    assert rest.endswith(">")
    assert "<" not in shown


def test_empty_values_are_not_sent() -> None:
    assert QueueAdd("sec", "PJSIP/anna", "Anna Keller").headers() == [
        ("Action", "QueueAdd"),
        ("Queue", "sec"),
        ("Interface", "PJSIP/anna"),
        ("MemberName", "Anna Keller"),
        ("Paused", "false"),
    ]
    assert ("Reason", "lunch") in QueuePause("PJSIP/anna", paused=True, reason="lunch").headers()
    assert ("ExtraChannel", "PJSIP/anna-1") in Redirect(
        "PJSIP/trunk-1", "sec-hold", "s", extra_channel="PJSIP/anna-1"
    ).headers()


def test_secret_is_not_in_the_repr() -> None:
    assert "geheim" not in repr(Login("bridge", "geheim"))
