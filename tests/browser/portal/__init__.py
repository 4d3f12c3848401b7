"""Words in which the portal's stories are told."""
