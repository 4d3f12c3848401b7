"""For the operator: who answers the calls, with their telephones and log-ins."""
