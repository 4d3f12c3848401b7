"""What `pbx_bridge.limited_process` runs in its tests: does as its first argument says."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence


def main(arguments: Sequence[str]) -> None:
    """In the process."""
    match arguments[0]:
        case "turn round":
            sys.stdout.buffer.write(sys.stdin.buffer.read()[::-1])
        case "be nice":
            sys.stdout.write(str(os.nice(0)))
        case "fail":
            raise ValueError
        case "work":
            while True:
                pass
        case "wait":
            time.sleep(600)
        case "hoard":
            sys.stdout.write(str(len(b"x" * (1 << 30))))
