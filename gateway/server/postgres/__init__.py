"""PostgreSQL's wire protocol: a door for psql, drivers and BI tools.

listener       sockets, limits, cancel requests
startup        encryption, protocol version, login (scram), dataset -> a session
conversation   the simple and the extended query protocol, over frames
statements     text -> statements and their words
session        a statement -> the command that carries it out:
    questions      what names a table of the dataset: through the desk, as from HTTP
    catalog/       what asks pg_catalog: a PostgreSQL without rows
    constants      pings, versions, names
    adjustments    SET, SHOW, RESET (settings)
    transactions   BEGIN, COMMIT, ROLLBACK
    cursors        DECLARE, FETCH, CLOSE
    preparing      PREPARE, EXECUTE, DEALLOCATE
    copying        COPY (query) TO STDOUT
results        rows, written by formats; parameters are read the other way
faults         errors and notices
"""
