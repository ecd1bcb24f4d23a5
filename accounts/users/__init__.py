"""Users, their passwords, and their roles in projects."""
