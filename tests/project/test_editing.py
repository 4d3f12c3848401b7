"""Whatever changes a company's data goes through `pbx_bridge.editing`, which knows every table of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from pbx_bridge.editing.announcement import ANNOUNCED, NOT_OF_A_COMPANY, SILENT
from pbx_bridge.editing.change_codes import HouseChangeCode, OwnChangeCode
from pbx_bridge.storage import tables

OF_A_COMPANY = ANNOUNCED | SILENT.keys()
WRITERS = "pbx_bridge/storage/editing/"
"""Here, and only here, stand the statements that write a company's tables."""

ELSEWHERE = {
    "access/accounts": "log-ins, for auth and account_changes; announced by whoever changes an agent's",
    "customers/calendars": "what a calendar elsewhere says now: read by the service itself, nothing to undo",
    "customers/data_version": "the announcement",
    "undo/import_jobs": "a file on its way",
    "access/invitations": "a password set by a link",
    "undo/employee_deletion": "undo: what goes and comes back with an employee",
    "undo/snapshots": "undo: puts rows back",
    "undo/house_undo": "the same, of lines and teams, by editing.house",
    "maintenance/retention": "what is too old goes; announces it",
    "erasure/employees": "what the law has erased, by editing.erasing; there is no way back",
    "erasure/parts": "the same, some rows at a time",
    "erasure/protocol": "that it was done",
    "access/sessions": "a password's hash is made stronger at a log-in",
    "db/sql": "the words of SQL",
    "undo/undo": "the steps themselves",
}
"""Modules of storage with statements of their own, each with the reason why that is no change by somebody."""

_WRITES = {"insert", "update", "delete", "insert_all", "insert_once", "upsert"}


def sources(root: Path) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((root / "pbx_bridge").rglob("*.py")):
        yield path.relative_to(root).as_posix(), ast.parse(path.read_text())


def tables_written(tree: ast.AST) -> Iterator[str]:
    """Names of tables in statements that write, "?" for one in a variable."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Attribute) and called.attr in _WRITES and not node.args:
            yield from _table(called.value)  # t.employee.update(), table.delete()
        elif isinstance(called, ast.Name) and called.id in _WRITES:
            for argument in node.args:
                yield from _table(argument)  # insert_all(conn, t.employee, …), delete(t.employee)


def _table(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Attribute) and node.attr in tables.metadata.tables:
        yield node.attr
    elif isinstance(node, ast.Name) and node.id == "table":
        yield "?"


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def strangers(root: Path) -> dict[str, set[str]]:
    """Modules that write a company's tables by statements of their own, and which."""
    found = {}
    for name, tree in sources(root):
        written = {table for table in tables_written(tree) if table in OF_A_COMPANY or table == "?"}
        known = name.removeprefix("pbx_bridge/storage/").removesuffix(".py")
        if written and not name.startswith(WRITERS) and known not in ELSEWHERE:
            found[name] = written
    return found


def users_of_writers(root: Path) -> list[str]:
    """Modules that call them and are no use case."""
    return [
        name
        for name, tree in sources(root)
        if not name.startswith(("pbx_bridge/editing/", WRITERS))
        and any(one.startswith("pbx_bridge.storage.editing.") for one in imported(tree))
    ]


def test_every_table_is_announced_or_has_a_reason_not_to_be() -> None:
    parts = (ANNOUNCED, SILENT.keys(), NOT_OF_A_COMPANY.keys())
    assert sorted(name for part in parts for name in part) == sorted(tables.metadata.tables)
    assert all(SILENT.values())
    assert all(NOT_OF_A_COMPANY.values())


def test_a_companys_tables_are_written_in_one_place(root: Path) -> None:
    assert strangers(root) == {}


def test_only_use_cases_write_a_companys_tables(root: Path) -> None:
    assert users_of_writers(root) == []


def test_the_lists_name_nothing_that_is_gone(root: Path) -> None:
    writing = {name for name, tree in sources(root) if any(tables_written(tree))}
    assert [one for one in ELSEWHERE if f"pbx_bridge/storage/{one}.py" not in writing] == []


RECORDING = ("pbx_bridge/editing/change.py", "pbx_bridge/editing/undoing.py")
"""What all codes go through."""


def faces_of(root: Path, code: type) -> dict[str, set[str]]:
    """Use cases that record such a code, and through which faces of companies and agents one comes to them,
    if only by another use case."""
    trees = dict(sources(root))
    used = {name: set(imported(tree)) for name, tree in trees.items()}
    recording = [
        name
        for name, modules in used.items()
        if name.startswith("pbx_bridge/editing/")
        and name not in RECORDING
        and any(one.endswith(f".{code.__name__}") for one in modules)
    ]
    return {name: set(_above(name, used)) & {"portal", "desk"} for name in recording}


def _above(name: str, used: Mapping[str, set[str]]) -> Iterator[str]:
    module = name.removesuffix(".py").replace("/", ".")
    for user, modules in used.items():
        if any(f"{one}.".startswith(f"{module}.") for one in modules):
            yield user.split("/")[1]
            if user.startswith("pbx_bridge/editing/"):
                yield from _above(user, used)


def test_what_the_house_decides_no_company_changes(root: Path) -> None:
    assert faces_of(root, HouseChangeCode) == {
        "pbx_bridge/editing/nobody_free.py": set(),
        "pbx_bridge/editing/note_fields.py": set(),
    }


def test_what_a_company_may_take_back_it_may_do(root: Path) -> None:
    found = faces_of(root, OwnChangeCode)
    assert len(found) > 8
    assert [name for name, faces in found.items() if not faces] == []


def test_only_the_contexts_of_requests_say_who_changes_something(root: Path) -> None:
    """Each of them says it once, with the log-in and where it is."""
    made = [
        name
        for name, tree in sources(root)
        if name.startswith(("pbx_bridge/admin/", "pbx_bridge/portal/"))
        and any(isinstance(node, ast.Call) and ast.unparse(node.func) == "Editor" for node in ast.walk(tree))
    ]
    assert made == [
        "pbx_bridge/admin/company_upkeep.py",  # nobody: what is done by itself
        "pbx_bridge/admin/request_context.py",
        "pbx_bridge/portal/request_context.py",
    ]


@pytest.mark.parametrize(
    "module, line, caught_by",
    [
        ("desk/planted.py", "from pbx_bridge.storage.editing import employees", users_of_writers),
        ("importing/planted.py", "from pbx_bridge.storage.editing import employees", users_of_writers),
        ("desk/planted.py", "import pbx_bridge.storage.editing.employees", users_of_writers),
        ("storage/planted.py", "changed = t.customer.update()", strangers),
        ("storage/planted.py", "added = insert_all(conn, t.note_field, rows)", strangers),
        ("storage/planted.py", "gone = delete(t.line)", strangers),
        ("storage/planted.py", "gone = table.delete()", strangers),
    ],
)
def test_a_planted_write_is_reported(
    root: Path, tmp_path: Path, module: str, line: str, caught_by: object
) -> None:
    planted = tmp_path / "pbx_bridge" / module
    planted.parent.mkdir(parents=True)
    planted.write_text(line)
    assert callable(caught_by)
    assert list(caught_by(tmp_path)) == [f"pbx_bridge/{module}"]
