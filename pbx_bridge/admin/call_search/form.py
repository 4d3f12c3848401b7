"""What somebody asks of the search: a time, a caller's number, words of a company's name, an agent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from pbx_bridge.storage.calls.call_search import CallSearch
from pbx_bridge.web.kit.forms import Form
from rules.fault import Fault
from rules.presence.availability import instant
from rules.text.phone_numbers import to_e164
from rules.text.typed_moments import read_day, read_time

FIELDS = MappingProxyType({"von": "", "bis": "", "nummer": "", "firma": "", "agent": ""})
AT_FIRST = timedelta(days=7)
MOST_DAYS = 93
"""Three months, as the fault says."""
LONGEST = 100
HALF_A_YEAR = timedelta(days=182)
_DIGITS = re.compile(r"[\d\s()/+.-]*\d[\d\s()/+.-]*")


def read(query: Mapping[str, str], now: datetime, zone: str) -> tuple[Form, CallSearch | None]:
    """The form as it was sent, with its faults; None: there are some. A field that is not sent is as at
    first: the last week until now."""
    local = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    tomorrow = local.date() + timedelta(1)
    at_first = {"von": f"{local.date() - AT_FIRST:%Y-%m-%d}T00:00", "bis": f"{tomorrow:%Y-%m-%d}T00:00"}
    values = {name: query.get(name, "").strip() or at_first.get(name, "") for name in FIELDS}
    form = Form(values).with_faults(
        Fault(name, "too_long", {"length": str(len(text)), "max": str(LONGEST)})
        for name, text in values.items()
        if len(text) > LONGEST
    )
    if not form.ready:
        return form, None
    start, end = _moment(values["von"], local), _moment(values["bis"], local)
    faults = [Fault(n, "search_no_moment") for n, at in (("von", start), ("bis", end)) if at is None]
    if start and end and end <= start:
        faults.append(Fault("bis", "search_backwards"))
    if start and end and end - start > timedelta(MOST_DAYS):
        faults.append(Fault("von", "search_too_long"))
    number, digits = _number(values["nummer"])
    if values["nummer"] and not number and not digits:
        faults.append(Fault("nummer", "search_no_number"))
    form = form.with_faults(faults)
    if start is None or end is None or not form.ready:
        return form, None
    asked = CallSearch(
        instant(start, zone), instant(end, zone), number, digits, values["firma"], values["agent"]
    )
    return form, asked


def _moment(text: str, around: datetime) -> datetime | None:
    """ "2026-11-23T14:00" as browsers send it, or "23.11. 14 Uhr" as people type it: wall time. A day alone
    is its beginning."""
    said = text.replace("T", " ")
    for cut in [at for at, sign in enumerate(said) if sign == " "] + [len(said)]:
        day = read_day(said[:cut].rstrip(","), around.date() - HALF_A_YEAR)
        clock = read_time(said[cut:]) if said[cut:].strip() else time()
        if day and clock is not None:
            return datetime.combine(day, clock)
    return None


def _number(text: str) -> tuple[str, str]:
    """A whole number in E.164, or the digits of a part of one; ("", "") for what is no number. Whole is what
    begins as a number is written, with 0 or +: "3920042" would be one in Germany, and is meant as a part."""
    if not text or not _DIGITS.fullmatch(text):
        return "", ""
    whole = text.lstrip("( ").startswith(("0", "+"))
    return to_e164(text, "DE") if whole else "", re.sub(r"\D", "", text).lstrip("0")
