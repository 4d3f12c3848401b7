"""What the lists that come and go as files have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pbx_bridge.editing.lists import Take
from pbx_bridge.portal.request_context import PortalContext
from rules.files.csv_columns import Columns, FileLanguage
from rules.files.csv_plan import ImportPlan, Reading
from rules.files.csv_text import Table
from rules.model import Customer


@dataclass(frozen=True, slots=True)
class FileKind:
    """A list that goes out as a file and comes in again.

    `name`: as stored; `import.<name>.*` are its words. `path`: of the list; `route`: the room of its routes.
    `plan` and `steps`: rules; `take`: the use case that stores a plan; `hint`: what stands beside a name;
    `shown_as`: each field of an entry as files have it.
    """

    name: str
    path: str
    route: str
    change_code: str
    columns: Columns
    plan: Callable[[PortalContext, Table, Customer], Reading[Any]]
    steps: Callable[[Table, Customer], int]
    take: Take
    hint: Callable[[Any], str]
    shown_as: Callable[[Customer, ImportPlan[Any], FileLanguage], Callable[[Any], Mapping[str, str]]]

    @property
    def page(self) -> str:
        """Where a file is chosen."""
        return f"{self.path}/import"
