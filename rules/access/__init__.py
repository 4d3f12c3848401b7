"""Who may come in: passwords, codes, and what browsers and addresses say of themselves."""
