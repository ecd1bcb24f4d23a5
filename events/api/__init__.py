"""JSON calls for projects, series, events and sessions."""
