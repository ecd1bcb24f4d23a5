"""The commands of `viesis`."""
