"""Which tables of company data everybody hears about who holds them in memory, and which not, and why."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ANNOUNCED = frozenset(
    {
        "appointment",
        "blocked_caller",
        "calendar_event",
        "customer",
        "employee",
        "employee_cc",
        "faq_entry",
        "line",
        "note_field",
        "public_number",
        "tariff",
        "text_block",
        "vip_caller",
    }
)
"""The service holds their rows in memory: after a change it has to load them again."""

SILENT: Mapping[str, str] = MappingProxyType(
    {
        "account": "log-ins are looked up with each request; those of agents are announced where they change",
        "agent": "of the secretariat, not of a company; whoever changes one announces it without a company",
        "calendar_feed": "a calendar program comes and asks; no desk shows it",
        "calendar_source": "an address only; what is read from there is in calendar_event",
        "import_job": "a file on its way; nothing is changed before it is applied",
        "invitation": "a key to a log-in; nobody holds it in memory",
        "undo_part": "how to take a change back; read when somebody asks for it",
        "undo_step": "how to take a change back; read when somebody asks for it",
    }
)
"""Tables of company data whose change nobody needs to hear about, each with the reason."""
