"""Organisers' pages of people, forms, messages and invitations."""
