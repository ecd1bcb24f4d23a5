"""Organisers' pages of the door."""
