"""Counting rules as data: shipped packs, own rules, and what they say in words."""
