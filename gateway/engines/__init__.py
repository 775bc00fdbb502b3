"""The databases that hold the data: each module runs a checked statement, read-only, into Arrow.

`open.open_engine` chooses by the policy's `engine.type`; everything else of the gateway sees only
the protocol `gateway.edges.Engine`. `duckdb` answers, `duckdb_open` opens and locks the database,
`duckdb_types` says which of its types the gateway knows.
"""
