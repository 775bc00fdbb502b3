"""Text to one checked query: parse, names and types, the allow-list of functions."""
