"""An event's programme: sessions, clashes, materials, and copies on other days."""
