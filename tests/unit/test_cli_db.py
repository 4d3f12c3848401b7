"""Storage says why not as a code with facts; the sentences are the command line's."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import pbx_bridge
from pbx_bridge.cli_db import NOT_OURS, refused_words, unfit_words
from pbx_bridge.errors import Refused
from pbx_bridge.storage.db.lock import BeingRestoredError, InUseError
from pbx_bridge.storage.maintenance.backup import ChoreRefusal, ChoreRefusedError
from pbx_bridge.storage.maintenance.lead import DeposedError
from pbx_bridge.storage.maintenance.migrate import ServedError
from pbx_bridge.storage.maintenance.waiting import UnfitDatabaseError

FACTS = ("file", "found", "table", "folder", "program", "url", "needed", "aside")
FOR_DEVELOPERS = {"ValueError", "StorageUnavailable"}
"""What is wrong with a call, and what the log tells of a failure."""


@pytest.mark.parametrize("why", ChoreRefusal)
def test_every_refusal_of_a_chore_has_its_words(why: ChoreRefusal) -> None:
    said = refused_words(ChoreRefusedError(why, **{name: f"<{name}>" for name in FACTS}, error="EIO"))
    assert " " in said or why is ChoreRefusal.FOLDER
    assert "{" not in said


def test_a_tool_that_says_nothing_has_failed_all_the_same() -> None:
    silent = ChoreRefusedError(ChoreRefusal.TOOL_FAILED, program="pg_dump", error="")
    assert refused_words(silent) == "pg_dump: it failed without a word"


def test_a_database_that_is_not_ours_is_named() -> None:
    newer = UnfitDatabaseError(Refused("schema_newer", {"found": "26", "needed": "25"}))
    assert unfit_words(newer) == "database: schema_newer (26, 25)"
    assert unfit_words(BeingRestoredError()) == "database: it is being restored"
    assert set(NOT_OURS) == {UnfitDatabaseError, BeingRestoredError, InUseError, DeposedError, ServedError}
    assert unfit_words(DeposedError("berlin")).startswith("database: another service leads at PBX berlin now")


def test_storage_raises_no_sentences() -> None:
    found = []
    for file in (Path(pbx_bridge.__file__).parent / "storage").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Raise) or not isinstance(node.exc, ast.Call):
                continue
            kind = ast.unparse(node.exc.func)
            words = [part.value for part in ast.walk(node.exc) if isinstance(part, ast.Constant)]
            spoken = any(" " in word for word in words if isinstance(word, str))
            if kind == "SystemExit" or (spoken and kind not in FOR_DEVELOPERS):
                found.append(f"{file.name}:{node.lineno} {kind}")
    assert found == []
