"""Numbers for the pool, as they are pasted: which ones are meant, and when that is asked back."""

from __future__ import annotations

import pytest

from rules.fault import Fault
from rules.office.typed_lines import LONGEST, MOST, read_lines
from rules.stepwise import at_once


def read(text: str) -> object:
    found = at_once(read_lines(text))
    return found.code if isinstance(found, Fault) else [number.removeprefix("+4930") for number in found]


@pytest.mark.parametrize(
    "text, numbers",
    [
        ("030 23125 100", ["23125100"]),
        ("+49 30 23125-100\n\n 030/23125 101 ;(030) 23125-102,", ["23125100", "23125101", "23125102"]),
        ("030 23125 100\n+493023125100", ["23125100"]),
        ("030 23125–100", ["23125100"]),
        ("030 23125 100 bis 102", ["23125100", "23125101", "23125102"]),
        ("030 23125-100 BIS -101", ["23125100", "23125101"]),
        ("+49 30 23125 099..100", ["23125099", "23125100"]),
        ("03023125100 to 03023125101", ["23125100", "23125101"]),
        ("030 23125 8 … 030 23125 9", ["231258", "231259"]),
    ],
)
def test_which_numbers_are_meant(text: str, numbers: list[str]) -> None:
    assert read(text) == numbers


@pytest.mark.parametrize(
    "text, code",
    [
        (" \n;, ", "required"),
        ("12", "lines_unreadable"),
        ("23125100", "lines_unreadable"),
        ("030 23125 100 bis", "lines_unreadable"),
        ("bis 030 23125 100", "lines_unreadable"),
        ("030 23125 100 bis 110 bis 120", "lines_unreadable"),
        ("030 23125 100 - 199", "lines_dash"),
        ("030 23125 – 900", "lines_dash"),
        ("030 23125 199 bis 100", "lines_backwards"),
        ("030 23125 0000 bis 1000", "lines_many"),
        ("030 23125 0000 bis 0999, 030 23125 1000", "lines_many"),
        ("x" * (LONGEST + 1), "too_long"),
    ],
)
def test_what_is_not_clear_is_asked_back(text: str, code: str) -> None:
    assert read(text) == code


def test_a_fault_names_the_entry_and_a_whole_block_is_taken() -> None:
    found = at_once(read_lines("030 23125 100, 030 / Zentrale"))
    assert found == Fault("numbers", "lines_unreadable", {"entry": "030 / Zentrale", "max": str(MOST)})
    block = read("030 23125 000 bis 999")
    assert isinstance(block, list)
    assert (len(block), block[0], block[-1]) == (1000, "23125000", "23125999")
