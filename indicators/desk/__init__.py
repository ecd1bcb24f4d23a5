"""Organisers' pages of indicators, rules and periods."""
