"""Serving processes, their parent, and the worker."""
