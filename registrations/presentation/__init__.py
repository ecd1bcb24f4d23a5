"""How a registration appears: on the participant's own page and to organisers."""
