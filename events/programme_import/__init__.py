"""A programme from a file: read, compared with what is there, shown, applied, undone."""
