"""One program for every chore; each command imports its room only when it is called."""


def main() -> None:
    """Entry point of `pbx-bridge`."""
