"""Lets `python -m pbx_bridge` be the same program as `pbx-bridge`."""

from pbx_bridge.cli import main

if __name__ == "__main__":
    main()
