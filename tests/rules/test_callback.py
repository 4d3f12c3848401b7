"""Who is called back: what the agent says counts; a plain sentence may say it before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.notes.callback import says_no, wanted

NO = (
    "Kein Rückruf nötig.",
    "kein Rückruf nötig",
    "Hat die Unterlagen bekommen. Kein Rückruf nötig",
    "Rechnung ist bezahlt, kein Rückruf erforderlich.",
    "Es ist kein Rückruf nötig",
    "Rückruf nicht nötig",
    "Rückruf ist nicht mehr nötig.",
    "Ein Rückruf ist nicht erforderlich.",
    "braucht keinen Rückruf",
    "Möchte keinen Rückruf, nur die Information.",
    "Bitte keinen Rückruf.",
    "Bitte kein RR",
    "Bitte nicht zurückrufen.",
    "Sie müssen nicht zurückrufen",
    "muss nicht zurückgerufen werden",
    "Rückruf hat sich erledigt.",
    "Rückruf unnötig",
    "Ruft selbst wieder an.",
    "Er ruft später noch einmal an",
    "Herr Meier meldet sich wieder.",
    "Termin bestätigt\nKein Rückruf nötig",
    "KEIN RÜCKRUF NÖTIG",
    "Kein Rückruf nötig, da die Ware da ist",
    "No callback needed.",
    "no call back necessary",
    "Will call again later.",
    "Please don't call back",
    "Callback not needed",
)
NOTHING = (
    "",
    "Angebot",
    "Bittet um Rückruf.",
    "Bittet dringend um Rückruf, ruft sonst wieder an.",
    "Kein Rückruf vor 14 Uhr.",
    "Bitte nicht vor 14 Uhr zurückrufen",
    "Bitte nicht auf dem Handy zurückrufen, sondern im Büro",
    "Heute kein Rückruf mehr",
    "Heute kein Rückruf mehr, bitte morgen zurückrufen",
    "Rückruf nötig",
    "Ein Rückruf ist nicht nur nötig, sondern eilig",
    "Hat noch keinen Rückruf bekommen.",
    "Wartet auf Rückruf, hat bisher keinen bekommen",
    "Ruft seit Tagen immer wieder an",
    "Meldet sich wieder wegen der Rechnung",
    "Möchte wissen, ob ein Rückruf nötig ist",
    "Kein Rückruf nötig gewesen letzte Woche",
    "Please call back.",
    "Will not call again",
)


@pytest.mark.parametrize("concern", NO)
def test_a_plain_sentence_says_that_nobody_needs_to_call(concern: str) -> None:
    assert says_no(concern)


@pytest.mark.parametrize("concern", NOTHING)
def test_everything_else_leaves_it_open(concern: str) -> None:
    assert not says_no(concern)


@pytest.mark.parametrize(
    "said, number, by, concern, put_through, holds",
    [
        (None, "+491713920042", False, "Angebot", False, True),
        (None, "", False, "Angebot", False, False),
        (None, "", True, "Angebot", False, True),
        (None, "+491713920042", False, "Kein Rückruf nötig.", False, False),
        (None, "+491713920042", True, "Kein Rückruf nötig.", False, True),
        (None, "+491713920042", False, "", True, False),
        (True, "+491713920042", False, "Kein Rückruf nötig.", False, True),
        (True, "", False, "", True, True),
        (False, "+491713920042", True, "Bittet um Rückruf", False, False),
    ],
)
def test_what_the_agent_says_counts_before_all_that_one_may_think(
    *, said: bool | None, number: str, by: bool, concern: str, put_through: bool, holds: bool
) -> None:
    assert wanted(said, number=number, by=by, concern=concern, put_through=put_through) is holds


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(concern: str) -> None:
    assert says_no(concern) in {True, False}
