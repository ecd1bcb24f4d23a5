"""An event: its fields, kind, time zone, history, who may do what with it, who is told of changes."""
