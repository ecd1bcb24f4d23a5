"""Projects and what belongs to them: organisations, series, logos, colours, the TOML file."""
