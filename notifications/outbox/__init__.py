"""Messages: one row a mail, its text and its parts, until they are handed to delivery."""
