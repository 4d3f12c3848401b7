"""The shell of the telephone secretariat: everything that touches sockets, disks and clocks."""

__version__ = "0.1.0"
