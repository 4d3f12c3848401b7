"""What may stand in the lists that a company keeps in its own order."""

from __future__ import annotations

import pytest

from rules.customers.own_order import FAQ, TEXT_BLOCKS, OrderedList
from rules.fault import Fault


def too_long(field: str, length: int, most: int) -> Fault:
    return Fault(field, "too_long", {"max": str(most), "length": str(length)})


@pytest.mark.parametrize(
    "rule, texts, wanted",
    [
        (FAQ, ("Wo?", "Hier."), []),
        (FAQ, (" ", "\n"), [Fault("question", "required"), Fault("answer", "required")]),
        (FAQ, ("x" * 300, "x" * 2000), []),
        (FAQ, ("x" * 301, "x" * 2001), [too_long("question", 301, 300), too_long("answer", 2001, 2000)]),
        (FAQ, ("Wer?", "{kunde}"), []),
        (TEXT_BLOCKS, ("Angebot", "{anrufer} fragt nach {mitarbeiter}."), []),
        (
            TEXT_BLOCKS,
            ("", "{kunde} um {uhrzeit}"),
            [Fault("name", "required"), Fault("text", "text_block_gap", {"found": "{kunde}"})],
        ),
        (TEXT_BLOCKS, ("x" * 61, "x" * 501), [too_long("name", 61, 60), too_long("text", 501, 500)]),
    ],
)
def test_texts_are_judged(rule: OrderedList, texts: tuple[str, str], wanted: list[Fault]) -> None:
    assert list(rule.faults(dict(zip(rule.longest, texts, strict=True)))) == wanted


@pytest.mark.parametrize("rule", [FAQ, TEXT_BLOCKS], ids=lambda rule: str(rule.kind))
def test_a_full_list_takes_no_more(rule: OrderedList) -> None:
    texts = dict.fromkeys(rule.longest, " x ")
    first, most = next(iter(rule.longest)), str(rule.most)
    assert list(rule.faults_of_new(texts, rule.most - 1)) == []
    assert list(rule.faults_of_new(texts, rule.most)) == [Fault(first, f"{rule.kind}_full", {"max": most})]
    assert rule.trimmed(texts) == dict.fromkeys(rule.longest, "x")
