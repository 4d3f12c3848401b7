"""A version of a tariff's terms in words, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pbx_bridge.web.kit.date_format import Translate
from pbx_bridge.web.kit.money import money
from rules.billing.terms import CallTime, Terms


@dataclass(frozen=True, slots=True)
class TermsLine:
    """What it is for, and what that costs or includes."""

    title: str
    said: str


class TermsWords:
    """Puts terms into words; `t` and `locale` of the reader."""

    def __init__(self, t: Translate, locale: str) -> None:
        self._t, self._locale = t, locale

    def of(self, terms: Terms) -> tuple[TermsLine, ...]:
        """All that is paid for or included, in the order of a statement; what costs nothing is left out."""
        return tuple([TermsLine(self._t(f"tariffs.terms.{key}"), said) for key, said in self._lines(terms)])

    def short(self, terms: Terms) -> tuple[str, ...]:
        """The prices that companies ask for."""
        names = ("base", "call", "minute", "put_through_minute", "sms")
        return tuple([self._price(name, terms) for name in names if getattr(terms, f"{name}_micros")])

    def _price(self, name: str, terms: Terms) -> str:
        return self._t(f"tariffs.price.{name}", price=money(getattr(terms, f"{name}_micros"), self._locale))

    def _lines(self, terms: Terms) -> Iterator[tuple[str, str]]:
        for name in ("base", "minimum"):
            if getattr(terms, f"{name}_micros"):
                yield name, self._price(name, terms)
        if terms.included_calls:
            yield "included_calls", self._t("tariffs.calls", n=terms.included_calls)
        if terms.included_seconds:
            minutes, seconds = divmod(terms.included_seconds, 60)
            yield "included_seconds", self._t("moments.length", minutes=minutes, seconds=seconds)
        if terms.call_micros:
            yield "call", self._price("call", terms)
        if terms.billed_from:
            yield "billed_from", self._t("tariffs.from", n=terms.billed_from)
        if terms.minute_micros:
            yield "minute", self._price("minute", terms)
            yield "step", self._t(f"tariffs.steps.{terms.step}")
            yield "counted", ", ".join(self._kinds(terms))
        for name in ("put_through_minute", "sms", "voice_message"):
            if getattr(terms, f"{name}_micros"):
                yield name, self._price(name, terms)

    def _kinds(self, terms: Terms) -> Iterator[str]:
        for kind in CallTime:
            if kind in terms.counted:
                yield self._t(f"tariff_form.{kind}.label")
