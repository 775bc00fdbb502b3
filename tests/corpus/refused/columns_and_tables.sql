-- Only the tables and columns that the policy lists exist: no file, catalog or table of the gateway.

-- title: a column that does not exist
-- dataset: hospital
-- code: unknown_column
-- fact: There is no column "agge" that you can use.
-- hint: Did you mean "age"?
-- at: 1:14
SELECT COUNT(agge) FROM encounters;

-- title: a misspelt column in WHERE
-- dataset: hospital
-- code: unknown_column
-- fact: There is no column "gendr" that you can use.
-- hint: Did you mean "gender"?
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE gendr = 'Male';

-- title: a hidden column
-- dataset: hospital
-- code: unknown_column
-- fact: There is no column "encounter_id" that you can use.
-- hint: GET /v1/datasets/{name} lists the columns of each table.
-- at: 1:14
SELECT COUNT(encounter_id) FROM encounters;

-- title: a hidden column in WHERE
-- dataset: hospital
-- code: unknown_column
-- fact: There is no column "encounter_id" that you can use.
-- hint: GET /v1/datasets/{name} lists the columns of each table.
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE encounter_id = 2278392;

-- title: a column that the policy does not list
-- dataset: hospital
-- code: unknown_column
-- fact: There is no column "nateglinide" that you can use.
-- hint: Did you mean "repaglinide"?
-- at: 1:14
SELECT COUNT(nateglinide) FROM encounters;

-- title: an unlisted column in retail
-- dataset: retail
-- code: unknown_column
-- fact: There is no column "invoice_no" that you can use.
-- hint: Did you mean "invoice_at"?
-- at: 1:49
SELECT invoice_no, COUNT(*) FROM lines GROUP BY invoice_no;

-- title: a table that does not exist
-- dataset: hospital
-- code: unknown_column
-- fact: There is no table "encounter" in the dataset "hospital".
-- hint: Did you mean "encounters"?
-- at: 1:22
SELECT COUNT(*) FROM encounter;

-- title: a table of another dataset
-- dataset: hospital
-- code: unknown_column
-- fact: There is no table "lines" in the dataset "hospital".
-- hint: Its tables: encounters, admission_types, admission_sources,
-- at: 1:22
SELECT COUNT(*) FROM lines;

-- title: another dataset as a schema
-- dataset: hospital
-- code: unknown_column
-- fact: There is no table "retail.lines" in the dataset "hospital".
-- hint: Its tables: encounters, admission_types, admission_sources,
-- at: 1:22
SELECT COUNT(*) FROM retail.lines;

-- title: a table under another schema
-- dataset: hospital
-- code: unknown_column
-- fact: There is no table "main.encounters" in the dataset "hospital".
-- hint: Did you mean "encounters"?
-- at: 1:22
SELECT COUNT(*) FROM main."encounters";

-- title: a table under another catalog
-- dataset: hospital
-- code: unknown_column
-- fact: There is no table "other.public.encounters" in the dataset "hospital".
-- hint: Did you mean "encounters"?
-- at: 1:22
SELECT COUNT(*) FROM other.public.encounters;

-- title: a view under another catalog
-- dataset: hospital
-- code: unknown_column
-- fact: There is no table "other.public.patients" in the dataset "hospital".
-- hint: Did you mean "patients"?
-- at: 1:22
SELECT COUNT(*) FROM other.public.patients;

-- title: a table under its catalog and a schema that is not there
-- dataset: hospital
-- code: unknown_column
-- fact: There is no table "hospital.pg_catalog.encounters" in the dataset "hospital".
-- hint: Did you mean "encounters"?
-- at: 1:22
SELECT COUNT(*) FROM hospital.pg_catalog.encounters;

-- title: the name of a file
-- dataset: hospital
-- code: unknown_column
-- fact: There is no table "data/encounters.parquet" in the dataset "hospital".
-- hint: Did you mean "encounters"?
-- at: 1:22
SELECT COUNT(*) FROM "data/encounters.parquet";

-- title: the name of a file in single quotes
-- dataset: hospital
-- code: unknown_column
-- fact: There is no table "encounters.parquet" in the dataset "hospital".
-- hint: Did you mean "encounters"?
-- at: 1:22
SELECT COUNT(*) FROM 'encounters.parquet';

-- title: a file on the web
-- dataset: hospital
-- code: unknown_column
-- fact: There is no table "https://example.org/x.csv" in the dataset "hospital".
-- hint: Its tables: encounters, admission_types, admission_sources,
-- at: 1:15
SELECT * FROM "https://example.org/x.csv";

-- title: the information schema
-- dataset: hospital
-- code: unknown_column
-- fact: There is no table "information_schema.tables" in the dataset "hospital".
-- hint: Its tables: encounters, admission_types, admission_sources,
-- at: 1:15
SELECT * FROM information_schema.tables;

-- title: PostgreSQL's catalog
-- dataset: hospital
-- code: unknown_column
-- fact: There is no table "pg_catalog.pg_class" in the dataset "hospital".
-- hint: Its tables: encounters, admission_types, admission_sources,
-- at: 1:15
SELECT * FROM pg_catalog.pg_class;

-- title: PostgreSQL's catalog without its schema
-- dataset: hospital
-- code: unknown_column
-- fact: There is no table "pg_class" in the dataset "hospital".
-- hint: Its tables: encounters, admission_types, admission_sources,
-- at: 1:15
SELECT * FROM pg_class;

-- title: DuckDB's settings
-- dataset: hospital
-- code: unsupported_sql
-- fact: A function in FROM is not supported.
-- hint: Name a table of the dataset.
-- at: 1:15
SELECT * FROM duckdb_settings();

-- title: DuckDB's tables
-- dataset: hospital
-- code: unknown_column
-- fact: There is no table "duckdb_tables" in the dataset "hospital".
-- hint: Its tables: encounters, admission_types, admission_sources,
-- at: 1:15
SELECT * FROM duckdb_tables;

-- title: SQLite's catalog
-- dataset: hospital
-- code: unknown_column
-- fact: There is no table "sqlite_master" in the dataset "hospital".
-- hint: Its tables: encounters, admission_types, admission_sources,
-- at: 1:15
SELECT * FROM sqlite_master;

-- title: a table of the gateway
-- dataset: hospital
-- code: unknown_column
-- fact: There is no table "noisy_1" in the dataset "hospital".
-- hint: Its tables: encounters, admission_types, admission_sources,
-- at: 1:15
SELECT * FROM noisy_1;

-- title: another noisy table beside one's own
-- dataset: hospital
-- code: unknown_column
-- fact: There is no table "noisy_1" in the dataset "hospital".
-- hint: Its tables: encounters, admission_types, admission_sources,
-- at: 1:57
SELECT * FROM (SELECT COUNT(*) AS n FROM encounters) t, noisy_1;

-- title: a view behind the noisy table
-- dataset: hospital
-- code: unknown_column
-- fact: There is no table "raw_noisy_1" in the dataset "hospital".
-- hint: Its tables: encounters, admission_types, admission_sources,
-- at: 1:15
SELECT * FROM raw_noisy_1;

-- title: a public table under the gateway's name
-- dataset: hospital
-- code: unknown_column
-- fact: There is no table "public_admission_types" in the dataset "hospital".
-- hint: Did you mean "admission_types"?
-- at: 1:15
SELECT * FROM public_admission_types;

-- title: an ambiguous name
-- dataset: hospital
-- code: unknown_column
-- fact: The column name "admission_type_id" is ambiguous.
-- hint: Put the table's name in front of it.
-- at: 1:131
SELECT admission_type_id, COUNT(*) FROM encounters e JOIN admission_types t ON e.admission_type_id = t.admission_type_id GROUP BY admission_type_id;

-- title: a name twice in FROM
-- dataset: hospital
-- code: unknown_column
-- fact: The name "encounters" stands twice in FROM.
-- hint: Give one of them another alias.
-- at: 1:38
SELECT COUNT(*) FROM encounters JOIN admission_types encounters ON TRUE;

-- title: a name that FROM does not give
-- dataset: hospital
-- code: unknown_column
-- fact: There is no table "x" in FROM.
-- hint: Use a name that FROM gives.
-- at: 1:41
SELECT COUNT(*) FROM encounters e WHERE x.age = '[0-10)';

-- title: USING a column of one side
-- dataset: hospital
-- code: unknown_column
-- fact: USING names "age", which is not a column of both sides.
-- hint: Use a column that both tables have, or write ON.
-- at: 1:38
SELECT COUNT(*) FROM encounters JOIN admission_types USING (age);

-- title: more column aliases than columns
-- dataset: hospital
-- code: unsupported_sql
-- fact: More column aliases than columns is not supported.
-- hint: Name at most as many.
-- at: 1:30
SELECT COUNT(*) FROM (SELECT age FROM encounters) AS t (a, b);

-- title: a position that names no column
-- dataset: hospital
-- code: unknown_column
-- fact: GROUP BY 7 names no column of the SELECT list.
-- hint: Use a number from 1 to 2.
-- at: 1:8
SELECT age, COUNT(*) FROM encounters GROUP BY 7;

-- title: an alias where PostgreSQL knows none
-- dataset: hospital
-- code: unknown_column
-- fact: There is no column "a" that you can use.
-- hint: GET /v1/datasets/{name} lists the columns of each table.
-- at: 1:49
SELECT age AS a, COUNT(*) FROM encounters WHERE a = '[0-10)' GROUP BY 1;

-- title: a column of results that is not there
-- dataset: hospital
-- code: unknown_column
-- fact: A name above the aggregates means nothing: "m".
-- hint: Use the columns and aliases that the inner query gives.
-- at: 1:8
SELECT t.m FROM (SELECT COUNT(*) AS n FROM encounters) t;

-- title: the hidden owner by the gateway's name
-- dataset: hospital
-- code: unknown_column
-- fact: There is no column "u" that you can use.
-- hint: GET /v1/datasets/{name} lists the columns of each table.
-- at: 1:45
SELECT u, COUNT(*) FROM encounters GROUP BY u;
