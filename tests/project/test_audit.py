"""`make audit` says so when it has not looked."""

from __future__ import annotations

from pathlib import Path


def test_a_package_that_nobody_could_look_up_fails_the_audit(root: Path) -> None:
    """Without --strict pip-audit counts what it skips as fine."""
    (line,) = [one for one in (root / "Makefile").read_text().splitlines() if "pip-audit" in one]
    assert {"--strict", "--require-hashes", "requirements.lock"} <= set(line.split())
    assert not line.lstrip().startswith("@-")
