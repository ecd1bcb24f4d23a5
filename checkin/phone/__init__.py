"""The paired phone: what it knows without reception, and what it is told."""
