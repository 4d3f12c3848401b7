"""What a customer wants rehearsed: line, caller, moment and whom the caller asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from pbx_bridge.web.kit.forms import Form
from rules.calls.rehearsal import RehearsalQuestion
from rules.fault import Fault
from rules.model import Agent, Customer, Employee, Line, VipCaller
from rules.presence.availability import exists, instant
from rules.text.phone_numbers import is_block, lacks_area, to_e164
from rules.text.typed_moments import read_day, read_time

MOST_WAYS = 50
"""More would not fit into a list in which one finds something."""
CALLERS = ("number", "vip", "withheld")
FIELDS = ("way", "caller", "number", "vip", "day", "time", "employee")


@dataclass(frozen=True, slots=True)
class Way:
    """How a call can reach us: on an own line, or forwarded from an own number to a shared line."""

    line: Line
    forwarded_from: str = ""

    @property
    def key(self) -> str:
        return f"{self.line.number}~{self.forwarded_from}"

    @property
    def diversion(self) -> str:
        """The SIP header that a forwarded call carries."""
        if not self.forwarded_from:
            return ""
        return f"<sip:{self.forwarded_from}@forwarded.invalid>;reason=unconditional"


@dataclass(frozen=True, slots=True)
class Asked:
    """`employee`: whom the caller wants to speak to; None: nobody in particular."""

    question: RehearsalQuestion
    employee: Employee | None


def ways(customer: Customer, lines: Sequence[Line]) -> tuple[Way, ...]:
    """Own lines first. Shared ones only together with a number of one's own."""
    own = [Way(line) for line in lines if line.customer_id == customer.id]
    shared = [line for line in lines if line.customer_id is None]
    forwarded = (Way(line, number) for line in shared for number in customer.public_numbers)
    return tuple(islice((*own[:MOST_WAYS], *islice(forwarded, MOST_WAYS)), MOST_WAYS))


def read(
    query: Mapping[str, str], customer: Customer, found: Sequence[Way], agent: Agent, now: datetime
) -> tuple[Form, Asked | None]:
    """The form with its faults; the question, once it was sent and is understood. `now`: local time."""
    if "way" not in query:
        return Form(_begin(customer, found, now)), None
    values = {name: query.get(name, "").strip() for name in FIELDS}
    way = next((way for way in found if way.key == values["way"]), None)
    moment = _moment(values, customer.zone, now.date())
    number = _number(values, customer)
    faults = [found for found in (moment, number) if isinstance(found, Fault)]
    faults += [] if way else [Fault("way", "rehearsal_way")]
    form = Form(values).with_faults(faults)
    if way is None or isinstance(moment, Fault) or isinstance(number, Fault):
        return form, None
    withheld = values["caller"] == "withheld"
    question = RehearsalQuestion(
        way.line.number, moment, agent, number, withheld=withheld, diversion=way.diversion
    )
    return form, Asked(question, customer.employee(values["employee"]))


def _begin(customer: Customer, found: Sequence[Way], now: datetime) -> dict[str, str]:
    first = next(iter(customer.employees), None)
    return {
        "way": found[0].key if found else "",
        "caller": "vip" if customer.vip_callers else "number",
        "number": "",
        "vip": customer.vip_callers[0].id if customer.vip_callers else "",
        "day": f"{now:%Y-%m-%d}",
        "time": f"{now:%H:%M}",
        "employee": first.id if first else "",
    }


def _moment(values: Mapping[str, str], zone: str, today: date) -> datetime | Fault:
    day, clock = read_day(values["day"], today), read_time(values["time"])
    if day is None or clock is None:
        return Fault("day" if day is None else "time", "rehearsal_moment")
    local = datetime.combine(day, clock)
    return instant(local, zone) if exists(local, zone) else Fault("time", "rehearsal_gap")


def _number(values: Mapping[str, str], customer: Customer) -> str | Fault:
    """What the telephone network would signal; a number block is tried with one of its numbers."""
    match values["caller"]:
        case "withheld":
            return ""
        case "vip":
            vip = next((vip for vip in customer.vip_callers if vip.id == values["vip"]), None)
            return example_of(vip, customer.region) if vip else Fault("vip", "rehearsal_vip")
    region, typed = customer.region, values["number"]
    number = "" if lacks_area(typed, region) else to_e164(typed, region)
    return number or Fault("number", "rehearsal_number")


def example_of(vip: VipCaller, region: str) -> str:
    """A number for which this entry was made."""
    if not is_block(vip.pattern):
        return vip.pattern
    stem = vip.pattern.rstrip("*")
    tries = (stem + "0" * zeros for zeros in range(9))
    return next((number for number in tries if to_e164(number, region) == number), stem)
