"""The desk's catalogue: flat for the page, and sentence by sentence for what the service puts into a pop."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "locale"


@functools.cache
def texts(locale: str) -> dict[str, str]:
    """The whole catalogue of this language ("de", "en") as {"group.key": sentence}; German where there is none."""
    file = FOLDER / f"{locale}.toml"
    with (file if file.is_file() else FOLDER / "de.toml").open("rb") as opened:
        return dict(_flat(tomllib.load(opened)))


def translate(locale: str, key: str, **filling: str) -> str:
    """One sentence with its gaps filled; KeyError for what is missing."""
    return texts(locale)[key].format_map(filling)


def _flat(tree: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value
