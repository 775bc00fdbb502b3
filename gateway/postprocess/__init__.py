"""The rest of the analyst's SQL, over noisy and public tables, in an in-memory DuckDB."""
