"""Which tables everybody hears about who holds companies in memory, and which not, and why.

A table that stands nowhere here fails a test: whoever makes one decides who hears of it.
"""

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
        "nobody_free",
        "note_field",
        "public_number",
        "tariff",
        "text_block",
        "vip_caller",
    }
)
"""A company's data, held in memory: a change announces the company when one of them was written."""

SILENT: Mapping[str, str] = MappingProxyType(
    {
        "account": "looked up with each request; whoever changes an agent's log-in announces the agents",
        "adjustment": "a line of a statement, which is reckoned when somebody asks for it",
        "calendar_feed": "a calendar program comes and asks; nobody shows it",
        "calendar_source": "an address only; what is read there is in calendar_event",
        "company_retention": "how long data stay; each round of retention asks",
        "erasure": "the protocol of what was erased",
        "coming_tariff": "for a day to come; which one a company has stands in customer",
        "contract_gap": "for statements; what a company is now stands in customer",
        "former_tariff": "for statements; which one a company has stands in customer",
        "import_job": "a file on its way; nothing is changed before it is applied",
        "invitation": "a key to a log-in; nobody holds it in memory",
        "tariff_terms": "prices, which statements and pages ask for",
        "undo_part": "how to take a change back; read when somebody asks for it",
        "undo_step": "how to take a change back; read when somebody asks for it",
    }
)
"""What belongs to a company as well, and nobody needs to hear about."""

LOGGED = (ANNOUNCED | SILENT.keys()) - {
    "account",
    "erasure",
    "import_job",
    "invitation",
    "undo_part",
    "undo_step",
}
"""What stands in the access log when somebody has written it; the others have entries of their own there, or
are no change yet."""

_LOG_IN = "of a log-in: asked for with each request"
_CALL = "a record of what happened, written by the call itself"
_NOTE = "of a note and its messages, which the desk shows by itself"

NOT_OF_A_COMPANY: Mapping[str, str] = MappingProxyType(
    {
        "access_log": _LOG_IN,
        "agent": "of the secretariat; announced without a company by whoever changes one",
        "agent_phone": "of the secretariat; announced without a company by whoever changes one",
        "alarm": "of what the operator was told",
        "allowance": "reckoned from what was used; pages ask for it",
        "attempt": _CALL,
        "audit_head": _LOG_IN,
        "call": _CALL,
        "call_back": _CALL,
        "call_note": _NOTE,
        "call_offer": _CALL,
        "call_time": _CALL,
        "company_change": "what was told of a change; made from the announcement",
        "data_version": "the announcement itself",
        "delivery_attempt": _NOTE,
        "desk_command": "a command that was answered",
        "house_day": "of the secretariat; announced for each company whose holidays may be others",
        "house_step": "how to take a change of the house back; read when somebody asks for it",
        "known_device": _LOG_IN,
        "login_throttle": _LOG_IN,
        "note_draft": _NOTE,
        "note_recipient": _NOTE,
        "notification": _NOTE,
        "pbx": "which service leads; asked by those that stand by",
        "pause_reason": "of the secretariat; a desk reads them with its page",
        "recovery_code": _LOG_IN,
        "schema_version": "of the database",
        "second_factor": _LOG_IN,
        "session": _LOG_IN,
        "voice_message": _NOTE,
        "team": "of the secretariat; announced without a company by whoever changes one",
        "team_member": "of the secretariat; announced without a company by whoever changes one",
        "team_queue": "which queue of the PBX is whose; kept by whoever fills them",
        "usage": "what was used, written by what happened",
    }
)
"""What no company changes by itself."""
