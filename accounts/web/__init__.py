"""Pages for anyone: signing in, and accepting an invitation."""
