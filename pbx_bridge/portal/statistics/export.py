"""The list as a file, CSV or XLSX: its columns and rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from pbx_bridge.storage.calls.statistics import ListedCall
from pbx_bridge.web.i18n import writing
from pbx_bridge.web.kit.date_format import Moments, Translate
from rules.model import Customer
from rules.notes.field_text import answers, shown
from rules.text.phone_numbers import international
from rules.text.salutation import spoken
from rules.vocabulary import FIRST_LANGUAGE

COLUMNS = (
    *("date", "time", "line", "number", "vip", "name", "company", "callback", "concern", "recipients"),
    *("result", "waited", "seconds", "urgent", "asked", "taker", "callback_wanted", "callback_by"),
    "message_to_caller",
)
"""New ones come at the end, so that tables which people have built on the file go on; the own fields
follow."""
_WIDTHS = (11, 8, 19, 19, 6, 24, 24, 19, 60, 30, 18, 10, 10, 8, 24, 24, 10, 17, 30)
_OWN_WIDTH = 20


class Sheet:
    """Makes rows of calls, in the words of `t` and on the customer's clock."""

    def __init__(self, t: Translate, customer: Customer, locale: str = FIRST_LANGUAGE) -> None:
        self._t, self._zone, self._writing = t, ZoneInfo(customer.zone), writing(locale)
        self._moments, self._asked = Moments(t, customer.zone), customer.asked_fields
        self._former = tuple(one for one in customer.note_fields if one.retired)
        self.head = (
            *(t(f"statistics.export.{column}") for column in COLUMNS),
            *(field.label for field in self._asked),
            t("statistics.export.former"),
        )
        self._yes, self._no = t("statistics.yes"), t("statistics.no")

    @property
    def widths(self) -> tuple[int, ...]:
        """Of the columns, in letters."""
        return (*_WIDTHS, *(_OWN_WIDTH for _ in self.head[len(_WIDTHS) :]))

    def rows(self, calls: Iterable[ListedCall]) -> Iterator[tuple[str | int, ...]]:
        """In the order of `head`; numbers and answers as people write them, durations in seconds."""
        for call in calls:
            local = call.arrived_at.astimezone(self._zone)
            end = call.ended_at if call.answered_at else None
            yield (
                f"{local:%Y-%m-%d}",
                f"{local:%H:%M:%S}",
                international(call.line_number),
                international(call.caller_number) if call.caller_number else "",
                self._yes if call.vip else self._no,
                call.caller_name or call.signalled_name,
                call.caller_company,
                international(call.callback_number) if call.callback_number else "",
                call.concern,
                _names(call.recipients),
                self._t(f"statistics.result.{call.result.value}"),
                round((call.answered_at - call.arrived_at).total_seconds()) if call.answered_at else "",
                round((end - call.answered_at).total_seconds()) if end and call.answered_at else "",
                self._yes if call.urgent else self._no,
                _names(call.asked),
                _names(call.takers),
                (self._yes if call.callback_wanted else self._no) if call.note_id else "",
                self._local(call.callback_by) if call.callback_wanted else "",
                call.message_to_caller,
                *self._answers(call.fields),
            )

    def _answers(self, stored: Iterable[tuple[str, str]]) -> Iterator[str]:
        """A cell for each field that is asked now, and one for the answers of former ones."""
        given = dict(stored)
        for field in self._asked:
            yield shown(field.kind, given.pop(field.key, ""), self._writing)
        yield "; ".join(f"{key}: {text}" for key, text in answers(self._former, given.items(), self._writing))

    def _local(self, wall: str) -> str:
        """ "30.11.2026 14:00"."""
        at = datetime.fromisoformat(wall) if wall else None
        return f"{self._moments.date(at.date())} {at:%H:%M}" if at else ""


def _names(people: Iterable[str]) -> str:
    return ", ".join(spoken(name) for name in people)
