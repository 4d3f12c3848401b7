"""What takes long and is not part of `make test`: CI plays `thorough` too; `exhaustive` waits for a release.

The same ground is covered more quickly by what stays: one Asterisk of two, one database of two, one language
of two, one way to put through of two, some sizes of the window and some moments of death, not all.
"""

from __future__ import annotations

import re

LONGEST = (
    r"tests/integration/test_office_size\.py::.*\[many",
    r"tests/big/test_(import|many_companies|portal_forms|office_routes)\.py",
    r"tests/big/test_portal_routes\.py::.*\[(subaccount|.*(csv|xlsx|export))",
    r"tests/browser/test_desk_for_everybody\.py::test_axe_finds_nothing_in_any_state\[en",
    r"tests/browser/test_desk_letters\.py::.*\[(idle|paused|joined|practice|beside|correcting|advertised)",
    r"tests/browser/test_desk_look\.py::.*(-en\]|viewport[2-9])",
    r"tests/browser/test_(portal|log_in).*\.py::.*[\[-]en[\]-]",
    r"tests/browser/test_portal_look\.py::test_every_page_can_be_read_in_the_dark",
    r"tests/browser/test_(desk_every_letter|desk_two_windows)\.py::.*\[[1-9]",
    r"tests/contract/test_desk_drops\.py",
    r"tests/integration/test_(faults|colleagues|picked|one_queue).*oldest",
    r"tests/integration/test_pbx_oldest\.py::test_(two_things|whoever_goes_back|while_the_service|a_given)",
    r"tests/integration/test_pbx_forwarding_phones\.py::.*\[ringall",
    r"tests/integration/test_lives_of_a_call\.py::test_(the_same_on_postgresql|a_death_after_any_word)",
    r"tests/integration/test_faults_answered_calls\.py::.*\[(killed|stopped)",
    r"tests/integration/test_faults_colleagues_unseen\.py::.*\[(stopped|killed_(and|afterwards|while_asked|while_given_in_vain))",
    r"tests/integration/test_faults_colleagues\.py::test_hang_ups\[the colleague is",
    r"tests/integration/test_faults_unseen_calls\.py::test_(the_pbx_too|the_link_is_back)",
    r"tests/integration/test_mail_and_the_end\.py::.*\[sqlite",
    r"tests/integration/test_(web_guesses|log_in_ends|own_account|second_factor|account_\w+)\.py::.*\[postgresql",
    r"tests/integration/test_(every_route|every_message)\.py::.*\[sqlite",
    r"tests/integration/test_everything_ends\.py::test_.*\[postgresql-(?!message sent)",
    r"tests/integration/test_operators_pages\.py::.*\[sqlite",
    r"tests/browser/test_desk_always_seen\.py::test_however_many.*viewport[02]",
    r"tests/browser/test_floor\.py::test_axe_finds_nothing\[(en|de-dark)",
    r"tests/integration/test_(faults_flood|faults_backup|import_interrupted)\.py",
    r"tests/unit/importing/test_import_leaves\.py::test_each_key_alone",
    r"tests/unit/portal/test_employee_import\.py::test_ten_thousand_lines",
    r"tests/integration/test_outcomes_same_moment\.py::test_(two_things|whoever_goes_back)",
    r"tests/integration/test_outcomes_ring_while_talking\.py",
    r"tests/integration/test_faults_(colleagues_unseen|picked|ready)\.py",
    r"tests/integration/test_(ami_facts|desk_odd_input|web_sockets|mail_and_the_end|rehearsal_equals_call)\.py",
    r"tests/integration/test_lives_of_a_call\.py::test_whoever_is_deleted",
    r"tests/unit/outbox/test_worker_survives\.py::.*[\[-]postgresql",
    r"tests/unit/editing/test_erasing\.py::.*100",
    r"tests/rules/test_long_texts\.py",
    r"tests/browser/test_(portal_keyboard|desk_look|portal_save|portal_statistics)\.py",
    r"tests/browser/test_desk_two_windows\.py::test_whatever_order",
    r"tests/big/test_desk_and_floor\.py",
)
"""Most of it repeats a long test in the other language, theme, database or Asterisk. Some stands nowhere
else: the dark portal, a flood at the door, a backup under load, a killed import, 2,000 drops, long forms."""
LONG = (
    r"tests/project/test_settings_used\.py",
    r"tests/integration/test_(installed|unit_sandbox)\.py",
    r"tests/big/test_(import|many_companies|portal_forms|retention)\.py",
    r"tests/rules/test_long_texts\.py",
    r"tests/integration/test_faults_",
    r"tests/integration/test_(mail_and_the_end|import_interrupted|demo_check)\.py",
    r"tests/integration/test_(pbx_oldest|pbx_forwarding_phones|pbx_refusing_phones|given_phones)\.py",
    r"tests/integration/test_outcomes_(races|same_moment|service_dead|service_restarted|other_agent|agent_gone|nobody_there)\.py",
    r"tests/integration/.*oldest",
    r"tests/integration/test_one_queue\.py::test_the_same",
    r"tests/integration/test_teams_on_the_pbx\.py::test_who_speaks",
    r"tests/integration/test_(fetched_at_once\.py|colleagues_called_off\.py|colleagues\.py::test_more)",
    r"tests/contract/test_desk_drops\.py",
    r"tests/unit/editing/test_erasing\.py::.*\[.*100 people",
    r"tests/unit/outbox/test_worker_survives\.py",
    r"tests/unit/importing/test_import_leaves\.py",
    r"tests/browser/test_desk_every_letter\.py::test_no_word_is_lost\[[1-9]",
    r"tests/browser/test_desk_two_windows\.py::test_whatever_order_frames_move_in_no_word_is_lost\[[1-9]",
    r"tests/browser/test_desk_letters\.py::.*\[(?!talking)",
    r"tests/browser/test_(desk|portal)_(look|for_everybody|fits|always_seen|keyboard)\.py",
    r"tests/browser/test_desk_third_language\.py",
    r"tests/browser/test_(mails|floor_look|portal_save|demo_story)\.py",
    r"tests/browser/stories/test_office\.py",
    r"tests/browser/.*::test_(everybody_can_use_it|nobody_is_kept_out)",
    r"tests/browser/test_(portal|log_in).*\.py::.*[\[-]en[\]-]",
    r"tests/big/test_desk_and_floor\.py",
    r"tests/integration/test_lives_of_a_call\.py::test_(the_same_on_postgresql|a_death_after_any_word)",
    r"tests/integration/test_outcomes_(numbers|ring_while_talking)\.py",
    r"tests/unit/.*[\[-]postgresql[\]-]",
    r"tests/integration/test_(every_route|every_message|rehearsal_equals_call|picked_calls)\.py",
    r"tests/integration/test_(outcomes_hold_first|hostile_calls|demo_own_phone)\.py",
    r"tests/integration/test_web_guesses\.py",
    r"tests/unit/portal/test_(employee_import|vip_callers)\.py::test_ten_thousand_lines",
    r"tests/big/test_portal_routes\.py",
    r"tests/browser/test_desk_(two_windows|pasted|kept|around|certain)\.py",
    r"tests/browser/test_portal_statistics\.py",
    r"tests/integration/test_lives_of_a_call\.py::test_whoever_is_deleted",
    r"tests/integration/test_(ami_facts|ami_faults|everything_ends|desk_odd_input|operators_pages)\.py",
    r"tests/integration/test_web_(sockets|strangers|bodies|hosts)\.py",
    r"tests/integration/test_pbx_display\.py",
    r"tests/integration/test_(pbx_nobody_free|pbx_call_back|call_back|called_back_outcomes)\.py",
    r"tests/integration/test_pbx_own_loop\.py::test_a_call_back",
    r"tests/integration/test_(log_in_ends|own_account|account_mails|account_changes|locked_agents)\.py",
    r"tests/integration/test_(pbx_blocked_callers|blocked_callers|pbx_memory|service_start|demo_start)\.py",
    r"tests/integration/test_(old_databases|desk_late_words|log_reader)\.py",
    r"tests/cluster/test_pair.*\.py",
    r"tests/unit/portal/test_(calendar_reading|table_reading|files_people_have|walls)\.py",
    r"tests/unit/importing/test_import_again\.py",
    r"tests/unit/outbox/test_(mail|sms)_answers\.py",
    r"tests/unit/storage/test_(silence|plans)\.py",
    r"tests/browser/test_(desk_network|floor|floor_undelivered|log_in|portal_import|portal_subaccounts)\.py",
    r"tests/integration/test_(pbx_sipp|pbx_run|pbx_toll_wall|internal_extensions|second_factor)\.py",
)


def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


_LONG, _LONGEST = _any(LONG), _any(LONGEST)


def mark_of(nodeid: str) -> str:
    """`exhaustive`, `thorough`, or nothing: a test of `make test`."""
    if _LONGEST.match(nodeid):
        return "exhaustive"
    return "thorough" if _LONG.match(nodeid) else ""
