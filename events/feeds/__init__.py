"""Calendar feeds, and the schedule for conference apps."""
