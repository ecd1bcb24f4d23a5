"""Registering under load: a seat, a place on the waiting list, or a request; never oversold."""
