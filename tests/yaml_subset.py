"""YAML as compose.yaml is written, and not more: no library for it is needed here."""

from __future__ import annotations

import json
import re
from typing import Any

_KEY = re.compile(r"([\w.-]+):(?: +(.*))?$")


def read(text: str) -> Any:
    """Blocks by indentation, lists by `- `, texts plain or in double quotes, `{}` and `[…]` of JSON, comments
    that have their line for themselves. Raises ValueError for whatever else.
    """
    lines = [
        (len(line) - len(line.lstrip()), line.strip())
        for line in text.splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    ]
    found, rest = _block(lines, 0)
    if rest:
        raise ValueError(f"not understood: {rest[0][1]}")
    return found


def _block(lines: list[tuple[int, str]], depth: int) -> tuple[Any, list[tuple[int, str]]]:
    if lines[0][1].startswith("- "):
        listed: list[Any] = []
        while lines and lines[0][0] == depth and lines[0][1].startswith("- "):
            listed.append(_value(lines[0][1][2:].strip()))
            lines = lines[1:]
        return listed, lines
    mapped: dict[str, Any] = {}
    while lines and lines[0][0] == depth:
        key = _KEY.fullmatch(lines[0][1])
        if key is None or key[1] in mapped:
            raise ValueError(f"no key, or one twice: {lines[0][1]}")
        value, lines = key[2], lines[1:]
        if value:
            mapped[key[1]] = _value(value)
        elif lines and lines[0][0] > depth:
            mapped[key[1]], lines = _block(lines, lines[0][0])
        else:
            mapped[key[1]] = None
    return mapped, lines


def _value(text: str) -> Any:
    if text[0] in '"[{':
        return json.loads(text)
    if text[0] in "'&*!|>%@`" or " #" in text or ": " in text:
        raise ValueError(f"more than is read here: {text}")
    return text
