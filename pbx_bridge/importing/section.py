"""Reading a table of the file: every value checked, every problem kept with its place, no key overlooked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules.text.typed_text import lines


@dataclass(frozen=True, slots=True)
class Problem:
    """`where` in the file, `what` is wrong, and the `remedy`."""

    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {self.remedy}."


class Section:
    """One table of the file. A value that is missing or wrong becomes a problem and reads as its default.

    `replaces`: what the file does not name is set to its default; else it is left as it is stored.
    """

    def __init__(
        self, data: Mapping[str, Any], where: str, problems: list[Problem], *, replaces: bool = False
    ) -> None:
        self._data = data
        self._where = where
        self._problems = problems
        self._read: set[str] = set()
        self.replaces = replaces

    def problem(self, key: str, what: str, remedy: str) -> None:
        """Keep a problem of this key."""
        self._problems.append(Problem(f"{self._where} / {key}" if self._where else key, what, remedy))

    def has(self, key: str) -> bool:
        """Whether the file says anything about it."""
        self._read.add(key)
        return key in self._data

    def says(self, key: str) -> bool:
        """Whether the file decides about it: by naming it, or because it replaces what it does not name."""
        return self.has(key) or self.replaces

    def obey_replace(self) -> None:
        """Read `replace`, which holds for this table and for all below it."""
        self.replaces = self.flag("replace", default=self.replaces)

    def peek(self, key: str) -> str:
        """A text as it stands there, not judged: to find what is stored under it."""
        value = self._data.get(key)
        return lines(value).strip() if isinstance(value, str) else ""

    def names(self, key: str) -> bool:
        """Whether the file says anything of it."""
        return key in self._data

    def text(self, key: str, default: str = "", *, required: bool = False) -> str:
        value = self._value(key, str, default, 'Write a text: "…"')
        if required and not value.strip():
            self.problem(key, "is missing", f'Write {key} = "…"')
        return str(value if key == "password" else lines(value)).strip()

    def flag(self, key: str, *, default: bool = False) -> bool:
        return bool(self._value(key, bool, default, "Write true or false"))

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        value = self._value(key, int, default, f"Write a number from {low} to {high}")
        if not low <= value <= high:
            self.problem(key, f"{value} is out of range", f"Write a number from {low} to {high}")
            return default
        return int(value)

    def number(self, key: str) -> int:
        """A whole number, whatever its size."""
        return int(self._value(key, int, 0, "Write a whole number"))

    def choice(self, key: str, default: str, options: Sequence[str]) -> str:
        value = self.text(key, default)
        if value not in options:
            self.problem(key, f'"{value}" is not known', f"Write one of: {', '.join(options)}")
            return default
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        values = self._value(key, list, [], 'Write a list of texts: ["…", "…"]')
        if not all(isinstance(value, str) for value in values):
            self.problem(key, "holds something else than texts", 'Write a list of texts: ["…", "…"]')
            return ()
        return tuple(lines(value).strip() for value in values)

    def sections(self, key: str, named_by: str = "name") -> list[Section]:
        """The tables below this one, each named in problems by one of its own values, else by its place."""
        tables = self._value(key, list, [], f"Write [[{key}]] above it")
        found = []
        for place, table in enumerate(tables, start=1):
            if not isinstance(table, dict):
                self.problem(key, "holds something else than tables", f"Write [[{key}]] above each")
                continue
            name = f'{key} "{table[named_by]}"' if table.get(named_by) else f"{key} no. {place}"
            where = f"{self._where} / {name}" if self._where else name
            found.append(Section(table, where, self._problems, replaces=self.replaces))
        return found

    def done(self) -> None:
        """All keys were asked for by now: what is left is a mistake."""
        for key in self._data.keys() - self._read:
            self.problem(key, "is not known here", f"Known are: {', '.join(sorted(self._read))}")

    def _value(self, key: str, kind: type, default: Any, remedy: str) -> Any:
        self._read.add(key)
        value = self._data.get(key, default)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.problem(key, f"{value!r} is of the wrong kind", remedy)
            return default
        return value
