"""What takes long and is not part of `make test`: CI plays it too, and so does `make thorough`.

The same ground is covered more quickly by what stays: one Asterisk of two, one database of two, one language
of two, one way to put through of two, some sizes of the window and some moments of death, not all.
"""

from __future__ import annotations

import re

LONG = (
    r"tests/big/test_(import|many_companies|portal_forms|retention)\.py",
    r"tests/rules/test_long_texts\.py",
    r"tests/integration/test_faults_",
    r"tests/integration/test_(mail_and_the_end|import_interrupted|demo_check)\.py",
    r"tests/integration/test_pbx_(oldest|forwarding_phones|refusing_phones)\.py",
    r"tests/integration/test_outcomes_(races|service_dead|service_restarted|other_agent|agent_gone|nobody_there)\.py",
    r"tests/integration/.*oldest",
    r"tests/integration/test_fetched_at_once\.py",
    r"tests/contract/test_desk_drops\.py",
    r"tests/unit/delivery/test_worker_survives\.py",
    r"tests/unit/storage/test_import_leaves\.py",
    r"tests/browser/test_desk_every_letter\.py::test_no_word_is_lost\[[2-9]",
    r"tests/browser/test_desk_two_windows\.py::test_whatever.*\[[1-9]",
    r"tests/browser/test_desk_two_windows\.py::.*\[(different fields, and|the same short|letters|both)",
    r"tests/browser/test_desk_look\.py::.*\[(viewport\d-keys\d-en|viewport[3-7]-keys|viewport[12]-(one|hyphens)|Donau.*-viewport[0-3])",
    r"tests/integration/test_lives_of_a_call\.py::test_the_same_on_postgresql",
    r"tests/integration/test_outcomes_(numbers|ring_while_talking)\.py",
    r"tests/browser/test_desk_always_seen\.py::.*\[viewport[1-3]\]",
    r"tests/browser/test_mails\.py::.*\[(320|1280|390-dark)-",
    r"tests/browser/test_desk_for_everybody\.py::.*\[(dark|light-en)",
    r"tests/browser/test_portal_save\.py::.*\[thumb\]",
    r"tests/browser/test_portal_look\.py::.*dark",
    r"tests/browser/test_(portal|log_in).*\.py::.*[\[-]en[\]-]",
    r"tests/unit/.*[\[-]postgresql[\]-]",
    r"tests/integration/test_(every_route|every_message|everything_ends)\.py::.*\[sqlite",
)
_LONG = re.compile("|".join(f"(?:{pattern})" for pattern in LONG))


def is_thorough(nodeid: str) -> bool:
    """Whether this test belongs to the thorough ones."""
    return _LONG.match(nodeid) is not None
