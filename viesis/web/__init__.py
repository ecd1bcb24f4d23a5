"""Health, metrics, and the documentation of the JSON interface."""
