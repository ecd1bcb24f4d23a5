"""Public pages of events and projects, and the addresses of their feeds."""
