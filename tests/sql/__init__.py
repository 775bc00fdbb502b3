"""The gate for text, and the table of functions: total, within its claims, and PostgreSQL's."""
