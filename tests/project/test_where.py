"""docs/where-do-i-change.md leads to files that are there."""

from __future__ import annotations

import re
from pathlib import Path

CHANGES = 13


def test_the_changes_lead_to_files_that_are_there(root: Path) -> None:
    text = (root / "docs" / "where-do-i-change.md").read_text()
    named = [name for name in re.findall(r"`([^`\s]+)`", text) if "/" in name or "." in name]
    assert [name for name in named if not (root / name).exists()] == []


def test_each_change_names_a_file(root: Path) -> None:
    text = (root / "docs" / "where-do-i-change.md").read_text()
    changes = re.split(r"^\d+\. ", text, flags=re.MULTILINE)[1:]
    assert len(changes) == CHANGES
    assert [change.partition("\n")[0] for change in changes if "`" not in change] == []


def test_the_pages_that_tell_of_the_rooms_know_it(root: Path) -> None:
    assert "where-do-i-change.md" in (root / "README.md").read_text()
    assert "where-do-i-change.md" in (root / "docs" / "architecture.md").read_text()
