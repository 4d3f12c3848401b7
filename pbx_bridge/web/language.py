"""What a language does that is no sentence: names of days and months, plurals, decimals; from the CLDR.

The catalogue says in which order they stand: "{weekday} {day}.{month}." or "{weekday} {day} {month_name}".
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, localcontext

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal

MANY = "many"
"""The catalogues' word for every number that is none of the language's own forms."""


class Language:
    """`code`: a catalogue's name, "de" or "pt-BR"; what the CLDR does not know counts like English."""

    def __init__(self, code: str) -> None:
        self.code = code
        try:
            self._locale = Locale.parse(code, sep="-")
        except (UnknownLocaleError, ValueError):
            self._locale = Locale("en")

    def form(self, number: int) -> str:
        """Which form of a counted word stands beside this number: "one", "few", …; else "many"."""
        said = self._locale.plural_form(number)
        return MANY if said == "other" else said

    def of_day(self, day: date) -> Mapping[str, str]:
        """What a catalogue may say of a day."""
        return {
            "day": f"{day:%d}",
            "month": f"{day:%m}",
            "month_name": self._locale.months["format"]["abbreviated"][day.month].removesuffix("."),
            "month_full": self._locale.months["stand-alone"]["wide"][day.month],
            "weekday": self.weekdays[day.weekday()],
            "weekday_full": self._locale.days["stand-alone"]["wide"][day.weekday()],
            "year": f"{day.year:04}",
        }

    @functools.cached_property
    def own_name(self) -> str:
        """ "Deutsch", "English": so that whoever reads it finds it in any other language."""
        name = self._locale.get_display_name(self._locale) or self.code
        return name[:1].upper() + name[1:]

    @functools.cached_property
    def weekdays(self) -> tuple[str, ...]:
        """Short, Monday first."""
        names = self._locale.days["stand-alone"]["abbreviated"]
        return tuple(names[day].removesuffix(".") for day in range(7))

    def decimal(self, number: Decimal, *, grouped: bool = True) -> str:
        """The number with all its digits behind the comma."""
        _, digits, exponent = number.as_tuple()
        places = -int(exponent)
        pattern = ("#,##0" if grouped else "0") + ("." + "0" * places if places > 0 else "")
        with localcontext() as exact:
            exact.prec = len(digits) + abs(places) + 1
            return format_decimal(number, format=pattern, locale=self._locale, decimal_quantization=False)


@functools.cache
def language(code: str) -> Language:
    """The one of this catalogue."""
    return Language(code)
