"""The sentence the agent reads first, with the agent's own name in it; and how to go on with the call."""

from __future__ import annotations

import re
from enum import StrEnum

from rules.decision import Allowed, Refused
from rules.model import Agent, Customer

NOBODY_REACHABLE = "Momentan ist niemand persönlich erreichbar. Darf ich einen Rückruf aufnehmen?"
"""The standard sentence of a tariff without put-through, word for word as customers were promised it."""

_PLACEHOLDER = re.compile(r"\[\s*+(vorname)?\s*+,?\s*+(nachname)?\s*+\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\[([^\[\]]*)\]?")


class GreetingFault(StrEnum):
    """What is wrong with a greeting."""

    EMPTY = "empty"
    NO_PLACEHOLDER = "no_placeholder"
    UNCLOSED = "unclosed"
    OVERWRITTEN = "overwritten"


def spoken_greeting(template: str, agent: Agent) -> str:
    """The greeting with the agent's name for "[Vorname, Nachname]", "[Vorname]" or "[Nachname]"."""

    def name(match: re.Match[str]) -> str:
        parts = [agent.given_name if match[1] else "", agent.family_name if match[2] else ""]
        return " ".join(part for part in parts if part) or match[0]

    return _PLACEHOLDER.sub(name, template)


def check_greeting(template: str) -> Allowed | Refused:
    """Is there a place for the agent's name, and is it intact? `Refused.code` is a `GreetingFault`.

    Params: `found`, the damaged placeholder, as in "[Anna, Keller]" or "[Vorname Nachname".
    """
    if not template.strip():
        return Refused(GreetingFault.EMPTY)
    damaged = next((m[0] for m in _BRACKETS.finditer(template) if not is_placeholder(m[0])), "")
    if damaged:
        fault = GreetingFault.OVERWRITTEN if damaged.endswith("]") else GreetingFault.UNCLOSED
        return Refused(fault, {"found": damaged})
    return Allowed() if "[" in template else Refused(GreetingFault.NO_PLACEHOLDER)


def is_placeholder(text: str) -> bool:
    """True for what `spoken_greeting` replaces."""
    match = _PLACEHOLDER.fullmatch(text)
    return bool(match and (match[1] or match[2]))


def instruction(customer: Customer) -> str:
    """How to handle the call: the customer's own words; else the standard sentence if it is needed."""
    own = customer.instruction.strip()
    return own or ("" if customer.tariff.put_through else NOBODY_REACHABLE)
