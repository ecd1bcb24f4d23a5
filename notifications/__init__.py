"""The mail pipe: the outbox, its delivery by SMTP, and mail that comes back. Knows no domain."""
