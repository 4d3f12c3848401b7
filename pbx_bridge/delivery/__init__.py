"""Notes become e-mails and SMS through an outbox that loses nothing."""
