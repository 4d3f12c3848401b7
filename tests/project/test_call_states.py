from __future__ import annotations

from pathlib import Path

from pbx_bridge.transfers.states_page import page


def test_the_page_of_states_is_drawn_from_the_tables(root: Path) -> None:
    assert (root / "docs" / "call-states.md").read_text() == page(), (
        "python -m pbx_bridge.transfers.states_page > docs/call-states.md"
    )
