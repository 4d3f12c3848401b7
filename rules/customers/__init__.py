"""What a company maintains: itself, its people and VIP callers, and what it has forgotten."""
