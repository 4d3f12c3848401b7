from __future__ import annotations

import itertools
from typing import Any

import pytest

from rules.calls.colleagues import Phone, Standing, may_ring, standing
from rules.decision import Refused

FREE = {"signed_in": True}


@pytest.mark.parametrize(
    "phone, word",
    [
        ({}, Standing.READY),
        ({"signed_in": False}, Standing.SIGNED_OUT),
        ({"in_call": True}, Standing.TALKING),
        ({"reachable": False}, Standing.UNAVAILABLE),
        ({"rings": True}, Standing.RINGING),
        ({"awaited": True}, Standing.RINGING),
        ({"writes": True, "pauses": True}, Standing.WRAP_UP),
        ({"pauses": True}, Standing.PAUSED),
        # what weighs more is told: whoever pauses after this call still talks
        ({"in_call": True, "pauses": True}, Standing.TALKING),
        ({"in_call": True, "writes": True, "pauses": True}, Standing.TALKING),
        ({"signed_in": False, "in_call": True}, Standing.SIGNED_OUT),
    ],
)
def test_what_a_colleague_does_in_a_word(phone: dict[str, Any], word: Standing) -> None:
    assert standing(Phone(**FREE | phone)) is word


FLAGS = ("in_call", "rings", "awaited", "writes", "pauses")


@pytest.mark.parametrize("flags", list(itertools.product((False, True), repeat=len(FLAGS))))
def test_only_who_is_free_in_every_way_is_rung(flags: tuple[bool, ...]) -> None:
    phone = Phone(signed_in=True, **dict(zip(FLAGS, flags, strict=True)))
    refusal = may_ring(phone)
    assert (refusal is None) is not any(flags)
    assert refusal is None or refusal == Refused("colleague_not_free", {"state": standing(phone).value})


def test_nobody_rings_themselves() -> None:
    assert may_ring(Phone(**FREE), themselves=True) == Refused("colleague_yourself")
