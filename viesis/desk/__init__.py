"""Organisers' pages that need every package: home, an event's overview, notices."""
