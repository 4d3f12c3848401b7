"""`settings.toml` is the document of the settings: every key, with its default and one line about it."""

from __future__ import annotations

import dataclasses
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import get_type_hints

from pbx_bridge.settings import Secret, Settings, load


def keys_of_classes(*, secret: bool) -> set[str]:
    return {
        f"{name}.{key}"
        for name, section in get_type_hints(Settings).items()
        for key, hint in get_type_hints(section).items()
        if (hint is Secret) is secret
    }


def test_file_and_classes_have_the_same_keys(root: Path) -> None:
    document = tomllib.loads((root / "settings.toml").read_text())
    in_file = {f"{section}.{key}" for section, table in document.items() for key in table}
    assert in_file == keys_of_classes(secret=False)


def test_the_file_shows_the_defaults(root: Path) -> None:
    assert load(root / "settings.toml", {}) == Settings()


def test_every_key_has_its_comment_line_above(root: Path) -> None:
    lines = (root / "settings.toml").read_text().splitlines()
    bare = [
        line
        for above, line in pairwise(lines)
        if "=" in line and not line.startswith("#") and not above.startswith("# ")
    ]
    assert bare == []


def test_every_secret_is_documented_by_its_variables(root: Path) -> None:
    text = (root / "settings.toml").read_text()
    for key in keys_of_classes(secret=True):
        variable = "PBX_BRIDGE_" + key.replace(".", "_").upper()
        assert f"{variable} or {variable}_FILE" in text


def test_settings_are_frozen_all_the_way_down() -> None:
    for section in get_type_hints(Settings).values():
        assert section.__dataclass_params__.frozen
    assert dataclasses.is_dataclass(Settings)
