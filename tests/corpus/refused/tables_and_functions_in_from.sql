-- FROM reads tables and sub-selects, as a whole.

-- title: read_csv
-- dataset: hospital
-- code: unsupported_sql
-- fact: A function in FROM is not supported.
-- hint: Name a table of the dataset.
-- at: 1:15
SELECT * FROM read_csv('x.csv');

-- title: read_parquet under its name
-- dataset: hospital
-- code: unsupported_sql
-- fact: A function in FROM is not supported.
-- hint: Name a table of the dataset.
-- at: 1:22
SELECT COUNT(*) FROM read_parquet('hospital_encounters.parquet') AS encounters;

-- title: range
-- dataset: hospital
-- code: unsupported_sql
-- fact: A function in FROM is not supported.
-- hint: Name a table of the dataset.
-- at: 1:15
SELECT * FROM range(10);

-- title: generate_series
-- dataset: hospital
-- code: unsupported_sql
-- fact: A function in FROM is not supported.
-- hint: Name a table of the dataset.
-- at: 1:15
SELECT * FROM generate_series(1, 10);

-- title: unnest
-- dataset: hospital
-- code: unsupported_sql
-- fact: UNNEST in FROM is not supported.
-- hint: Read a table or a subquery.
-- at: 1:28
SELECT * FROM unnest(ARRAY[1, 2]);

-- title: a sample
-- dataset: hospital
-- code: unsupported_sql
-- fact: The sample of a table in FROM is not supported.
-- hint: Name the table alone.
-- at: 1:22
SELECT COUNT(*) FROM encounters TABLESAMPLE BERNOULLI (10);

-- title: a sample with its old spelling
-- dataset: hospital
-- code: unsupported_sql
-- fact: The sample of a table in FROM is not supported.
-- hint: Name the table alone.
-- at: 1:22
SELECT COUNT(*) FROM encounters TABLESAMPLE SYSTEM (10);

-- title: ONLY
-- dataset: hospital
-- code: unsupported_sql
-- fact: The only of a table in FROM is not supported.
-- hint: Name the table alone.
-- at: 1:27
SELECT COUNT(*) FROM ONLY encounters;

-- title: WITH ORDINALITY
-- dataset: hospital
-- code: unsupported_sql
-- fact: UNNEST in FROM is not supported.
-- hint: Read a table or a subquery.
-- at: 1:28
SELECT * FROM unnest(ARRAY[1]) WITH ORDINALITY;

-- title: LATERAL
-- dataset: hospital
-- code: unsupported_sql
-- fact: LATERAL in FROM is not supported.
-- hint: Read a table or a subquery.
-- at: 1:52
SELECT COUNT(*) FROM encounters e, LATERAL (SELECT 1) t;

-- title: LATERAL over results
-- dataset: hospital
-- code: unsupported_sql
-- fact: LATERAL in FROM is not supported.
-- hint: Read a table or a subquery.
-- at: 1:73
SELECT * FROM (SELECT COUNT(*) AS n FROM encounters) t, LATERAL (SELECT t.n) u;

-- title: a query by name
-- dataset: hospital
-- code: unsupported_sql
-- fact: A function in FROM is not supported.
-- hint: Name a table of the dataset.
-- at: 1:15
SELECT * FROM query('SELECT 1');

-- title: a query by a table's name
-- dataset: hospital
-- code: unsupported_sql
-- fact: A function in FROM is not supported.
-- hint: Name a table of the dataset.
-- at: 1:15
SELECT * FROM query_table('encounters');
