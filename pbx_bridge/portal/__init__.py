"""The customer's portal: one package per family of pages of the "Sekretariatsverwaltung"."""
