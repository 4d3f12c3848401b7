"""Charts as SVG, drawn here: shape and number tell what colour tells, and each has its table.

Widths are in units of a phone's screen, so that a chart can be read there; on a wide screen it grows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH = 360
SOLID, OUTLINED = "bar", "bar is-outlined"
SHADES = 5


@dataclass(frozen=True, slots=True)
class Chart:
    """`svg` for the eye, `head` and `rows` the same as a table, `summary` the main thing as a sentence."""

    key: str
    title: str
    summary: str
    svg: Markup
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """`label` stands at the axis where there is room, `name` in the table; `parts`: from the axis on."""

    name: str
    label: str
    parts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.parts)


def columns(bars: Sequence[Bar], height: int = 150) -> Markup:
    """Upright bars of up to two parts, the second one an outline; the highest carries its number."""
    top, bottom, left = 16, 20, 28
    most = max((bar.total for bar in bars), default=0) or 1
    room, step = height - top - bottom, (WIDTH - left) / max(len(bars), 1)
    drawn = [_grid(most, left, top, room)]
    every = -(-len(bars) * 52 // (WIDTH - left)) or 1
    highest = max(range(len(bars)), key=lambda index: bars[index].total, default=0)
    for index, bar in enumerate(bars):
        x, y = left + index * step, float(top + room)
        for part, style in zip(bar.parts, (SOLID, OUTLINED), strict=False):
            tall = room * part / most
            y -= tall
            drawn.append(_rect(style, x + step * 0.1, y, step * 0.8, tall, f"{bar.name}: {bar.total}"))
        if index == highest and bar.total:
            drawn.append(_text(x + step / 2, y - 3, str(bar.total), "middle", strong=True))
        if index % every == 0:
            drawn.append(_text(x + step / 2, height - 5, bar.label, "middle"))
    return _svg(height, drawn)


def rows(bars: Sequence[Bar], line: int = 36) -> Markup:
    """Lying bars, each below its name and followed by its number."""
    most = max((bar.total for bar in bars), default=0) or 1
    room = WIDTH - 48
    drawn: list[Markup] = []
    for index, bar in enumerate(bars):
        y, x = index * line, 0.0
        drawn.append(_text(0, y + 12, _short(bar.label, 46), "start"))
        for part, style in zip(bar.parts, (SOLID, OUTLINED), strict=False):
            wide = room * part / most
            drawn.append(_rect(style, x, y + 17, wide, 12, f"{bar.name}: {bar.total}"))
            x += wide
        drawn.append(_text(x + 6, y + 27, str(bar.total), "start", strong=True))
    return _svg(max(len(bars), 1) * line, drawn)


def grid(across: Sequence[str], down: Sequence[str], cells: Sequence[Sequence[int]]) -> Markup:
    """Numbers in cells, the more the darker; a cell without calls is empty. `cells`: by row, then column."""
    line, left = 22, 52
    most = max((number for row in cells for number in row), default=0) or 1
    step = (WIDTH - left) / max(len(across), 1)
    drawn = [_text(left + step * (n + 0.5), 13, name, "middle") for n, name in enumerate(across)]
    for index, (name, row) in enumerate(zip(down, cells, strict=True)):
        y = 20 + index * line
        drawn.append(_text(0, y + 15, name, "start"))
        for column, number in enumerate(row):
            shade = -(-number * SHADES // most)
            x = left + column * step
            drawn.append(
                _rect(
                    f"cell is-{shade}", x + 1, y + 1, step - 2, line - 2, f"{across[column]} {name}: {number}"
                )
            )
            if number:
                dark = " is-on-dark" if shade > SHADES // 2 + 1 else ""
                drawn.append(_text(x + step / 2, y + 15, str(number), "middle", style=f"number{dark}"))
    return _svg(20 + len(down) * line, drawn)


def _grid(most: int, left: int, top: int, room: float) -> Markup:
    """The axis at the bottom and a line at the top value."""
    lines = [
        Markup('<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(left, WIDTH, y, y)
        for y in (top, top + room)
    ]
    return Markup("").join(
        [*lines, _text(left - 6, top + 4, str(most), "end"), _text(left - 6, top + room, "0", "end")]
    )


def _rect(style: str, x: float, y: float, wide: float, tall: float, tip: str) -> Markup:
    if not wide or not tall:
        return Markup("")
    place = Markup('x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"').format(x, y, wide, tall)
    return Markup('<rect class="{}" {}><title>{}</title></rect>').format(style, place, tip)


def _text(
    x: float, y: float, words: str, anchor: str, *, strong: bool = False, style: str = "label"
) -> Markup:
    weight = Markup(' font-weight="600"') if strong else ""
    return Markup(
        '<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}" font-size="11"{}>{}</text>'
    ).format(style, x, y, anchor, weight, words)


def _svg(height: float, drawn: Sequence[Markup]) -> Markup:
    """Hidden from screen readers: they have the table and the sentence."""
    begin = Markup('<svg class="chart" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">').format(
        WIDTH, height
    )
    return begin + Markup("").join(drawn) + Markup("</svg>")


def _short(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"
