"""An address as a picture for a phone's camera."""

from __future__ import annotations

import segno
from markupsafe import Markup

QUIET = 4
"""Modules of white around it, which cameras need; black on white in dark mode too."""


def qr_picture(address: str, words: str) -> Markup:
    """A QR code as inline SVG, without styles or scripts; `words`: what it is, for those who do not see
    it."""
    code = segno.make_qr(address, error="m")
    drawn = code.svg_inline(border=QUIET, dark="#000", light="#fff", omitsize=True, svgclass="qr")
    return Markup('<span role="img" aria-label="{}">{}</span>').format(words, Markup(drawn))  # noqa: S704 - of our own library, no text in it
