"""From the outbox to the mail server: leases, pace, connections, kinds of failure."""
