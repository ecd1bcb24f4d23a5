"""Calls of phones and of machines: scans, undo, guests, attendance."""
