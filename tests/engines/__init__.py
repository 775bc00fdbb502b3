"""DuckDB as an engine: types, files, timeout and what is locked."""
