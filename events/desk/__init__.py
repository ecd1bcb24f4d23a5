"""Organisers' pages of a project, its events, programmes, team and outbox."""
