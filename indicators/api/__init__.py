"""JSON calls for indicators, values and periods."""
