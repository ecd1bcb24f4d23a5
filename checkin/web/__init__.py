"""The page of the check-in app."""
