"""People at events: registering, seats, the waiting list, their own page, their mail."""
