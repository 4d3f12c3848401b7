"""Tarife: what each costs, version by version, and a new version from a day on."""
