"""What clients ask of pg_catalog and information_schema, answered by a PostgreSQL without rows.

    cluster    that PostgreSQL: started, stopped, and gone when the gateway is
    address    or one that an administrator runs: its URL
    entry      logging in to it
    backend    one connection to it, in its own protocol: values come through as they are written
    schema     a dataset as CREATE statements: only what analysts may see, and no row
    lockdown   what its users cannot call or read
    making     a database for each dataset, a role for each user
    shadow     it, and a pool of connections
    routing    which statements go there: the allow-list
    introspection  such a statement as a command

It is no security boundary, for there is nothing in it to protect: whatever touches a dataset's
table goes to the line.
"""
