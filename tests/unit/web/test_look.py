"""The tokens keep their promises: contrast, equal lightness, one place."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[3] / "pbx_bridge" / "web" / "static"
TOKENS = (STATIC / "tokens.css").read_text(encoding="utf-8")
_PAIR = re.compile(r"--([a-z0-9-]+): light-dark\(oklch\(([^)]*)\), oklch\(([^)]*)\)\);")
COLOURS = {name: (light, dark) for name, light, dark in _PAIR.findall(TOKENS)}


def _luminance(oklch: str) -> float:
    """Relative luminance (WCAG) of "52% 0.11 235", clipped into sRGB as a screen does it."""
    lightness, chroma, hue = (float(part.rstrip("%")) for part in oklch.split())
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    base = lightness / 100
    l_ = (base + 0.3963377774 * a + 0.2158037573 * b) ** 3
    m_ = (base - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s_ = (base - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * l_ - 3.3077115913 * m_ + 0.2309699292 * s_
    green = -1.2684380046 * l_ + 2.6097574011 * m_ - 0.3413193965 * s_
    blue = -0.0041960863 * l_ - 0.7034186147 * m_ + 1.7076147010 * s_
    r, g, b_ = (min(max(channel, 0), 1) for channel in (red, green, blue))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b_


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


STATES = ["waiting", "ringing", "talking", "consulting", "away", "failed"]
SURFACES = ["paper", "raised", "sunken"]
READ = (
    [(ink, surface, 4.5) for ink in ["ink", "ink-muted", "accent", *STATES] for surface in SURFACES]
    + [(state, f"{state}-soft", 4.5) for state in STATES]
    + [("ink", f"{state}-soft", 4.5) for state in STATES]
    + [("on-accent", "accent", 4.5), ("on-accent", "accent-strong", 4.5), ("ink", "accent-soft", 4.5)]
    + [("line-strong", surface, 3.0) for surface in SURFACES]
    + [("focus", surface, 3.0) for surface in SURFACES]
    + [(f"hue-{hue}", "raised", 3.0) for hue in range(12)]
)


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("front,back,least", READ)
def test_contrast(front: str, back: str, least: float, mode: int) -> None:
    assert _contrast(COLOURS[front][mode], COLOURS[back][mode]) >= least


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_no_company_shouts(mode: int) -> None:
    hues = [COLOURS[f"hue-{number}"][mode].split() for number in range(12)]

    assert len({lightness for lightness, _, _ in hues}) == 1
    assert len({hue for _, _, hue in hues}) == 12


def test_colours_are_nowhere_else() -> None:
    base = "".join((STATIC / f"{name}.css").read_text(encoding="utf-8") for name in ("base", "components"))

    assert not re.search(r"#[0-9a-f]{3,8}\b|oklch|rgb|hsl", base, re.IGNORECASE)
    assert set(re.findall(r"var\(--([a-z0-9-]+)", base)) <= set(re.findall(r"--([a-z0-9-]+):", TOKENS))


ELSEWHERE = {
    ("desk/static/css/buttons_and_keys.css", ".label"),  # bolder, as it stands alone above what it names
    ("desk/static/css/note.css", ".field"),  # its label stands beside it
}
"""Sheets that add to a component something that only their face has."""


def test_a_component_is_made_in_one_place() -> None:
    """Another sheet may say how a component is in some place (".tools .field"), but not what it is."""
    sheets = {
        str(sheet.relative_to(STATIC.parents[1])): re.sub(
            r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        for sheet in STATIC.parents[1].rglob("*.css")
    }
    made = {
        (name, selector.strip())
        for name, text in sheets.items()
        for rule in re.findall(r"([^{}]+)\{", text)
        for selector in rule.split(",")
        if re.fullmatch(r"\.[a-z-]+", selector.strip())
    }
    components = {selector for name, selector in made if name == "web/static/components.css"}
    assert {".button", ".field", ".label", ".chip", ".badge", ".sr-only"} <= components
    assert {(name, one) for name, one in made if one in components} - ELSEWHERE == {
        ("web/static/components.css", one) for one in components
    }


def rules_of(sheet: Path) -> list[tuple[str, str, str]]:
    """Where a rule holds ("@media …", "" everywhere), one selector, and what it says."""
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    found: list[tuple[str, str, str]] = []
    opened = [""]
    for piece, sign in re.findall(r"([^{}]*)([{}])", text):
        words = " ".join(piece.split())
        if sign == "{":
            opened.append(words)
        else:
            heads = re.split(r",(?![^(]*\))", opened.pop())
            found += [(" ".join(opened[1:]), head.strip(), words) for head in heads if words]
    return found


def sheets() -> dict[str, list[tuple[str, str, str]]]:
    """All rules by "room/sheet.css", as pages call them."""
    rooms = STATIC.parents[1]
    return {
        str(path.relative_to(rooms)).replace("static/", "", 1): rules_of(path)
        for path in sorted(rooms.rglob("*.css"))
    }


def linked(page: Path) -> set[str]:
    """The sheets that a page has by itself, by its frame and by what it takes in."""
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"[a-z_]+/[a-z_/]+\.css", text))
    for names in re.findall(r"for sheet in \[([^\]]*)\] %\}\s*<link[^>]*'desk/css/'", text):
        named |= {f"desk/css/{name}.css" for name in re.findall(r'"(\w+)"', names)}
    for above in re.findall(r'(?:extends|include|from) "(\w+)/([^"]+)"', text):
        named |= linked(STATIC.parents[1] / above[0] / "templates" / above[1])
    return named


TOGETHER = {
    (".button:hover", "desk/css/buttons_and_keys.css"): "the desk marks its edge as well",
    (".button.is-primary:hover", "desk/css/buttons_and_keys.css"): "for the same reason",
    (".field", "desk/css/note.css"): "its label stands beside it",
    (".label", "desk/css/buttons_and_keys.css"): "bolder, as it stands alone above what it names",
    (":root", "desk/css/buttons_and_keys.css"): "the sizes of a dense face",
    ("desk-transfer", "desk/css/transfer.css"): "call.css gives all its blocks their edges",
    (".notice", "floor/floor.css"): "the floor's floats",
    (".figure dt", "floor/wall.css"): "larger, to be read across a room",
    (".asking .tools", "portal/rehearsal.css"): "its fields are not of one height",
    ("textarea", "web/kit/forms.css"): "base.css has what all fields have",
    ("textarea", "floor/floor.css"): "the same",
    ("body", "floor/wall.css"): "fills its screen and does not scroll",
    ("h2", "floor/floor.css"): "room below, as a list follows",
    ("h2", "demo/demo.css"): "the same",
}
"""What a second sheet of the same page adds to a selector, and why it does not stand with the first."""


def test_no_selector_stands_in_two_sheets_of_a_page() -> None:
    all_rules = sheets()
    found = set()
    for page in STATIC.parents[1].rglob("*.html"):
        first: dict[tuple[str, str], str] = {}
        for sheet in sorted(linked(page), key=lambda name: (not name.startswith("web/"), name)):
            for place, selector, _ in all_rules[sheet]:
                if first.setdefault((place, selector), sheet) != sheet:
                    found.add((selector, sheet))
    assert found == TOGETHER.keys()


def test_no_rule_stands_twice() -> None:
    """What two faces say alike is said in components.css; plain elements are set back by each face."""
    where: dict[tuple[str, str, str], set[str]] = {}
    for sheet, rules in sheets().items():
        for rule in rules:
            where.setdefault(rule, set()).add(sheet)
    twice = {rule: names for rule, names in where.items() if len(names) > 1}
    assert {rule: names for rule, names in twice.items() if not re.fullmatch(r"[a-z0-9]+", rule[1])} == {}


def test_every_sheet_is_on_a_page() -> None:
    pages = STATIC.parents[1].rglob("*.html")
    assert sheets().keys() == set().union(*map(linked, pages))


def test_every_page_has_the_components() -> None:
    """Before all sheets that add to them."""
    heads = [
        text
        for page in STATIC.parents[1].rglob("*.html")
        if "web/tokens.css" in (text := page.read_text(encoding="utf-8"))
    ]
    assert len(heads) == 7
    assert [
        head
        for head in heads
        if not re.search(
            r"web/tokens\.css[^>]*?>?\s*(<link[^>]*)?web/components\.css", head.replace('", "', " ")
        )
    ] == []


def test_no_page_but_the_reader_sets_the_size_that_all_others_are_parts_of() -> None:
    for sheet in STATIC.parents[1].rglob("*.css"):
        for rule in re.findall(r"(?:^|[\s,])html\s*\{([^}]*)\}", sheet.read_text(encoding="utf-8")):
            sizes = re.findall(r"font(?:-size)?:\s*([^;]*)", rule)
            assert all(size.strip().endswith("%") for size in sizes), sheet.name
