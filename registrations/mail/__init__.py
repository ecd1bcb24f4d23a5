"""Mail to those registered: letters, notices, announcements, wordings, unsubscribing."""
