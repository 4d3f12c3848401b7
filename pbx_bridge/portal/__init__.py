"""The customer's portal: one module per page of the "Sekretariatsverwaltung"."""
