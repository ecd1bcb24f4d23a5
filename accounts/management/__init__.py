"""What is done to accounts: signing in, invitations, one's own account, administration."""
