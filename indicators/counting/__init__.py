"""From attendance facts to a figure: conditions, items, evaluation. Mostly pure."""
