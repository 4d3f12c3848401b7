"""Which texts are addresses of a calendar elsewhere."""

from __future__ import annotations

from urllib.parse import urlsplit

from yarl import URL

LONGEST_ADDRESS = 2000
PORTS = frozenset({None, 80, 443})


def normalised(raw: str, *, allow_loopback: bool = False) -> str | None:
    """The address as it is fetched (webcal is https), or None when it is not one that we fetch."""
    text = raw.strip()
    scheme, _, rest = text.partition("://")
    text = f"https://{rest}" if scheme.lower() in ("webcal", "webcals") else text
    if len(text) > LONGEST_ADDRESS or any(char.isspace() or not char.isprintable() for char in text):
        return None
    try:
        parts, meant = urlsplit(text), URL(text)
        usual = parts.port in PORTS and meant.explicit_port in PORTS
    except ValueError:
        return None
    named = parts.hostname and meant.host and not (parts.username or parts.password or meant.user)
    fine = meant.scheme in ("https", "http") and named and (usual or allow_loopback)
    return text if fine else None
