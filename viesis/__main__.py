"""`python -m viesis`."""

from viesis.cli import main

main()
