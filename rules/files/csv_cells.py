"""What spreadsheet programs make of a cell."""

from __future__ import annotations

import re
import unicodedata

from rules.fault import Fault

_SPACES = re.compile(r"[^\S\n]+")
_TEXT = re.compile(r'=\s*"((?:[^"]|"")*)"\s*', re.DOTALL)
_ERROR = re.compile(r"#(?:NAME\?|WERT!|VALUE!|BEZUG!|REF!|NV|N/A|ZAHL!|NUM!|DIV/0!|NULL!)", re.IGNORECASE)
_COUNTED = re.compile(r"\A(\d{6,})[.,]0{1,2}\Z")
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)


def plain(cell: str) -> str:
    """`="+49 171"`, with which a number is kept from being counted with, is the number."""
    found = _TEXT.fullmatch(cell)
    return found[1].replace('""', '"') if found else cell


def fault(name: str, cell: str) -> Fault | None:
    """csv_failed: a calculation that failed; csv_rounded: a number whose last digits are lost."""
    text = cell.strip()
    if _ERROR.fullmatch(text):
        return Fault(name, "csv_failed", {"found": text})
    return Fault(name, "csv_rounded", {"found": text}) if _ROUNDED.fullmatch(text) else None


def same(cell: str, stored: str) -> bool:
    """Whether nobody sees a difference: white space of any kind is one space, "ä" one sign or two."""
    return cell == stored or _seen(cell) == _seen(stored)


def _seen(text: str) -> str:
    return unicodedata.normalize("NFC", _SPACES.sub(" ", text.replace("\r\n", "\n")).strip())


def number(cell: str) -> str:
    """Without the apostrophe that says "this is text", and without the ".0" of a program that counts."""
    text = cell.strip()
    text = text[1:] if re.match(r"'[\d+(]", text) else text
    return _COUNTED.sub(r"\1", text)
