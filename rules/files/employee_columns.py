"""The columns of a file of employees: what they are called here, and by other programs."""

from __future__ import annotations

from rules.fields.declaration import headers
from rules.fields.employee import EMPLOYEE
from rules.files.csv_columns import Columns

HEADERS = headers(EMPLOYEE)
COLUMNS = Columns(
    HEADERS,
    {one.name: one.others for one in EMPLOYEE if one.others} | {"id": ("Vorgangskennung",)},
    ("name",),
)


def column_of(header: str) -> str:
    """The field that a header means in either language, however spaced and spelled; "" for none."""
    return COLUMNS.of(header)
