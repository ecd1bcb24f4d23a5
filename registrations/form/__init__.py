"""The form: what is asked, how answers are read, and the notice beside it."""
