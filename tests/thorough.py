"""What takes long and is not part of `make test`: CI plays it too, and so does `make thorough`.

The same ground is covered more quickly by what stays: one Asterisk of two, one database of two, one language
of two, one way to put through of two, some sizes of the window and some moments of death, not all.
"""

from __future__ import annotations

import re

LONG = (
    r"tests/project/test_settings_used\.py",
    r"tests/big/test_(import|many_companies|portal_forms|retention)\.py",
    r"tests/rules/test_long_texts\.py",
    r"tests/integration/test_faults_",
    r"tests/integration/test_(mail_and_the_end|import_interrupted|demo_check)\.py",
    r"tests/integration/test_pbx_(oldest|forwarding_phones|refusing_phones)\.py",
    r"tests/integration/test_outcomes_(races|same_moment|service_dead|service_restarted|other_agent|agent_gone|nobody_there)\.py",
    r"tests/integration/.*oldest",
    r"tests/integration/test_(fetched_at_once\.py|colleagues_called_off\.py|colleagues\.py::test_more)",
    r"tests/contract/test_desk_drops\.py",
    r"tests/unit/outbox/test_worker_survives\.py",
    r"tests/unit/importing/test_import_leaves\.py",
    r"tests/browser/test_desk_every_letter\.py::test_no_word_is_lost\[[1-9]",
    r"tests/browser/test_desk_two_windows\.py::test_whatever_order_frames_move_in_no_word_is_lost\[[1-9]",
    r"tests/browser/test_desk_letters\.py::.*\[(?!talking)",
    r"tests/browser/test_(desk|portal)_(look|for_everybody|fits|always_seen|keyboard)\.py",
    r"tests/browser/test_desk_third_language\.py",
    r"tests/browser/test_(mails|floor_look|portal_save|demo_story)\.py",
    r"tests/browser/.*::test_(everybody_can_use_it|nobody_is_kept_out)",
    r"tests/browser/test_(portal|log_in).*\.py::.*[\[-]en[\]-]",
    r"tests/big/test_desk_and_floor\.py",
    r"tests/integration/test_lives_of_a_call\.py::test_(the_same_on_postgresql|a_death_after_any_word)",
    r"tests/integration/test_outcomes_(numbers|ring_while_talking)\.py",
    r"tests/unit/.*[\[-]postgresql[\]-]",
    r"tests/integration/test_(log_in_ends|own_account|second_factor|web_guesses|account_\w+)\.py::.*\[postgresql",
    r"tests/integration/test_(every_route|every_message|everything_ends)\.py::.*\[sqlite",
)
_LONG = re.compile("|".join(f"(?:{pattern})" for pattern in LONG))


def is_thorough(nodeid: str) -> bool:
    """Whether this test belongs to the thorough ones."""
    return _LONG.match(nodeid) is not None
