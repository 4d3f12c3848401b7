"""A call with all that other aggregates tell of it."""
