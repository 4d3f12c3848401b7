"""Every setting is read by somebody: a key that changes nothing would be a lie."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_type_hints

from pbx_bridge.settings import Settings


def test_every_setting_is_read_somewhere(root: Path) -> None:
    package = root / "pbx_bridge"
    source = "\n".join(path.read_text() for path in package.rglob("*.py") if path.parent.name != "settings")
    unread = [
        f"{section}.{key}"
        for section, cls in get_type_hints(Settings).items()
        for key in get_type_hints(cls)
        if not re.search(rf"\.{key}\b", source)
    ]
    assert unread == []
