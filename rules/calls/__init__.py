"""One call: whose it is, who calls, how it is greeted, whether and to whom it is put through."""
