from __future__ import annotations

from datetime import date, timedelta

import pytest

from rules.billing.typed_tariff import TariffChange, read_change, read_tariff
from rules.fault import Fault
from rules.model import Tariff

TODAY = date(2026, 11, 23)
BASIC, PREMIUM = Tariff("b", "Basis", put_through=False), Tariff("p", "Premium", put_through=True)
OLD = Tariff("o", "Alt", put_through=False, retired=True)
ALL = {one.id: one for one in (BASIC, PREMIUM, OLD)}


@pytest.mark.parametrize(
    "tariff, day, read",
    [
        ("p", "2026-11-23", TariffChange(PREMIUM, TODAY)),
        ("p", "1.12.2026", TariffChange(PREMIUM, date(2026, 12, 1))),
        ("p", "", (Fault("first_day", "required"),)),
        ("p", "2026-11-22", (Fault("first_day", "terms_past"),)),
        ("p", "irgendwann", (Fault("first_day", "day_unreadable"),)),
        ("p", str(TODAY + timedelta(days=367)), (Fault("first_day", "tariff_too_far"),)),
        ("b", "2026-11-23", (Fault("tariff", "tariff_is_had"),)),
        ("o", "2026-11-23", (Fault("tariff", "tariff_choose"),)),
        ("x", "", (Fault("tariff", "tariff_choose"), Fault("first_day", "required"))),
    ],
)
def test_another_tariff_from_a_day_on(tariff: str, day: str, read: object) -> None:
    assert read_change({"tariff": tariff, "first_day": day}, BASIC, ALL, TODAY) == read


def test_a_new_tariff_needs_a_name_of_its_own() -> None:
    texts = {"name": " Premium Plus ", "put_through": "yes", "sms_parts": ""}
    assert read_tariff(texts, "n", "") == Tariff("n", "Premium Plus", put_through=True)
    assert read_tariff(texts | {"sms_parts": "yes"}, "n", "") == Tariff(
        "n", "Premium Plus", put_through=True, sms_parts=2
    )
    assert read_tariff(texts, "n", "Premium plus") == (
        Fault("name", "tariff_name_taken", {"name": "Premium plus"}),
    )
    for name, code in (("", "required"), ("a\nb", "one_line"), ("x" * 81, "too_long")):
        assert [one.code for one in read_tariff(texts | {"name": name}, "n", "")] == [code]  # type: ignore[union-attr]
