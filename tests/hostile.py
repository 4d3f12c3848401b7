"""What strangers send who want no page: the tables that tests of several rooms share."""

from __future__ import annotations

KINDS = (
    "application/x-www-form-urlencoded",
    "application/json",
    "text/plain",
    "multipart/form-data; boundary=x",
)
FOREIGN = (
    "punycode", "idna", "utf-7", "utf-16", "utf-16-le", "utf-32", "utf-8-sig", "unicode_escape",
    "raw_unicode_escape", "unicode-escape", "zlib", "zlib_codec", "zip", "bz2", "bz2_codec", "rot13",
    "rot_13", "hex", "base64", "uu", "quopri", "undefined", "mbcs", "oem", "latin-1", "iso-8859-1",
    "windows-1252", "cp1252", "ascii", "us-ascii", "x",
)  # fmt: skip
"""Codecs of Python, and charsets of the world."""


def spellings(kind: str, charset: str) -> list[str]:
    """Ways to name a charset; some are right, some are what a lenient reader takes for right."""
    return [
        f"{kind}; charset={charset}",
        f"{kind};charset={charset.upper()}",
        f'{kind}; CharSet="{charset.title()}"',
        f"{kind} ; \tcharset={charset} ;",
        f"{kind}; charset = {charset}",
        f"{kind}; charset='{charset}'",
        f'{kind}; charset="\\{charset}"',
        f"{kind}; charset=utf-8; charset={charset}",
        f"{kind}; charset={charset}; charset=utf-8",
        f"{kind}; charset=utf-8, {charset}",
        f"{kind}; charset*=utf-8''{charset}",
        f"{kind}; charset*0={charset}",
        f"{kind}; x=y; charset={charset}",
    ]
