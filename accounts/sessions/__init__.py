"""Who is asking: signed-in browsers, API tokens, and what a request may do."""
