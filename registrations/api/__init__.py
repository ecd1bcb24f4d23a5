"""JSON calls for registrations and duplicates."""
