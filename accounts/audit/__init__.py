"""The audit log, and its entries in words."""
