"""Every family of the portal's pages has the same shape: who knows one finds everything in the next."""

from __future__ import annotations

import re
from pathlib import Path

from pbx_bridge.portal.routes import PAGES

FILES = {"__init__", "pages", "form", "messages", "file_import", "export"}
"""`pages`: the list and what hangs on it, or the only page; `form`: one entry."""
OWN_FILES = {
    "account": {"second_factor", "forgotten", "invitation"},  # each a page of its own
    "calendar": {
        "feed",
        "fetch",
        "refresh",
        "reading",
        "series",
        "events",
        "text",
    },  # files of elsewhere, read
    "file_import": {"kind"},  # for all lists that come as a file
    "last_changes": {"undoing"},
    "logins": {"access_log"},
    "statistics": {"proof", "call", "charts", "counts", "recording"},
}
WORDS_OF = {"away": "appointments", "logins": "account"}
"""Families whose sentences stand with those of another one."""


def families(root: Path) -> list[str]:
    portal = root / "pbx_bridge" / "portal"
    return sorted(path.parent.name for path in portal.glob("*/__init__.py"))


def test_each_family_has_the_files_of_all(root: Path) -> None:
    portal = root / "pbx_bridge" / "portal"
    found = {family: {path.stem for path in (portal / family).glob("*.py")} for family in families(root)}
    assert len(found) > 15
    assert {family for family, files in found.items() if "pages" not in files} == set()
    strange = {family: files - FILES - OWN_FILES.get(family, set()) for family, files in found.items()}
    assert {family: files for family, files in strange.items() if files} == {}


def test_each_family_has_its_templates_and_its_sentences(root: Path) -> None:
    portal = root / "pbx_bridge" / "portal"
    assert {path.parent.name for path in (portal / "templates").glob("*/*.html")} == set(families(root))
    words = {WORDS_OF.get(family, family) for family in families(root)}
    assert {path.stem for path in (portal / "locale" / "de").glob("*.toml")} == words


def test_a_family_shows_its_own_templates(root: Path) -> None:
    portal = root / "pbx_bridge" / "portal"
    shown = {
        (path.parent.name, named.rpartition("/")[0])
        for path in portal.glob("*/*.py")
        for named in re.findall(r'"(?:portal/)?([\w/]+)\.html"', path.read_text(encoding="utf-8"))
    }
    assert {pair for pair in shown if pair[1] not in (pair[0], "")} == set()


def test_each_module_with_pages_is_served(root: Path) -> None:
    package = root / "pbx_bridge" / "portal"
    with_pages = {
        f"pbx_bridge.portal.{path.parent.name}.{path.stem}"
        for path in package.glob("*/*.py")
        if re.search(r"^ROUTES\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert with_pages == {page.__name__ for page in PAGES if page.__name__.count(".") > 2}
