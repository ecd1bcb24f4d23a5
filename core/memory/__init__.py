"""What a process remembers for a while, and how it hears that this is out of date."""
