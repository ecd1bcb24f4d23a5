"""Registering, and the participant's own page."""
