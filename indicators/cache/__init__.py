"""Figures that need not be counted again: rows in the database, and memory beside them."""
