"""A participant's calendar: its secret address, feed, invitations and replies."""
