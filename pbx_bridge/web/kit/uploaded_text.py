"""A file as it came, whatever program wrote it: its text, or why we cannot read it."""

from __future__ import annotations

import asyncio

from pbx_bridge.web.kit import workbook_reading
from rules.fault import Fault
from rules.files.csv_text import decode

NOTHING = b" \t\r\n\0\xef\xbb\xbf\xff\xfe"
"""Blanks and marks of an encoding, in any of those that programs write."""


async def text_of(data: bytes | None) -> str | Fault:
    """The text of a file, whatever program wrote it; None: nobody has chosen one."""
    if data is None:
        return Fault("", "csv_no_file")
    if not data.strip(NOTHING):
        return Fault("", "csv_blank")
    if data.startswith(b"PK"):
        return await workbook_reading.read(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return Fault("", "xlsx_locked" if "EncryptedPackage".encode("utf-16-le") in data else "xlsx_old")
    return await asyncio.to_thread(decode, data)
