"""A registration: its state, ticket, person, seats, and the waiting list."""
