"""What we measure ourselves by; `make bench` prints each figure."""
