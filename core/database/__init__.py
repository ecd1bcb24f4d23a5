"""The schema and its migrations, the SQLite engine, tables that all nodes share, encrypted columns."""
