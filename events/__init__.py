"""Projects, their events and programmes, and the calendars that show them."""
