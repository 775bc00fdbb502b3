-- One query at a time, and nothing that changes data or reads it in another way.

-- title: nothing
-- dataset: hospital
-- code: sql_syntax
-- fact: The SQL is empty.
-- hint: Send one SELECT statement.
-- nothing;

-- title: a comment alone
-- dataset: hospital
-- code: sql_syntax
-- fact: The SQL is empty.
-- hint: Send one SELECT statement.
/* nothing */;

-- title: two statements
-- dataset: hospital
-- code: unsupported_sql
-- fact: The text holds 2 statements.
-- hint: Send one SELECT statement at a time.
SELECT 1; SELECT 2;

-- title: a second statement hidden behind a comment
-- dataset: hospital
-- code: unsupported_sql
-- fact: The text holds 3 statements.
-- hint: Send one SELECT statement at a time.
SELECT COUNT(*) FROM encounters; /* */ DROP TABLE encounters;

-- title: INSERT
-- dataset: hospital
-- code: unsupported_sql
-- fact: Only queries are answered: the gateway never changes data.
-- hint: Send a statement that starts with SELECT or WITH.
INSERT INTO encounters (age) VALUES ('x');

-- title: UPDATE
-- dataset: hospital
-- code: unsupported_sql
-- fact: Only queries are answered: the gateway never changes data.
-- hint: Send a statement that starts with SELECT or WITH.
UPDATE encounters SET age = 'x';

-- title: DELETE
-- dataset: hospital
-- code: unsupported_sql
-- fact: Only queries are answered: the gateway never changes data.
-- hint: Send a statement that starts with SELECT or WITH.
DELETE FROM encounters;

-- title: DROP
-- dataset: hospital
-- code: unsupported_sql
-- fact: Only queries are answered: the gateway never changes data.
-- hint: Send a statement that starts with SELECT or WITH.
DROP TABLE encounters;

-- title: CREATE TABLE AS
-- dataset: hospital
-- code: unsupported_sql
-- fact: Only queries are answered: the gateway never changes data.
-- hint: Send a statement that starts with SELECT or WITH.
CREATE TABLE x AS SELECT * FROM encounters;

-- title: CREATE FUNCTION
-- dataset: hospital
-- code: unsupported_sql
-- fact: Only queries are answered: the gateway never changes data.
-- hint: Send a statement that starts with SELECT or WITH.
CREATE FUNCTION f() RETURNS int AS 'SELECT 1' LANGUAGE sql;

-- title: TRUNCATE
-- dataset: hospital
-- code: unsupported_sql
-- fact: Only queries are answered: the gateway never changes data.
-- hint: Send a statement that starts with SELECT or WITH.
TRUNCATE encounters;

-- title: COPY
-- dataset: hospital
-- code: unsupported_sql
-- fact: Only queries are answered: the gateway never changes data.
-- hint: Send a statement that starts with SELECT or WITH.
COPY encounters TO 'x.csv';

-- title: COPY of a query
-- dataset: hospital
-- code: unsupported_sql
-- fact: Only queries are answered: the gateway never changes data.
-- hint: Send a statement that starts with SELECT or WITH.
COPY (SELECT * FROM encounters) TO STDOUT;

-- title: EXPLAIN ANALYZE
-- dataset: hospital
-- code: unsupported_sql
-- fact: Only queries are answered: the gateway never changes data.
-- hint: Send a statement that starts with SELECT or WITH.
EXPLAIN ANALYZE SELECT COUNT(*) FROM encounters;

-- title: CALL
-- dataset: hospital
-- code: unsupported_sql
-- fact: Only queries are answered: the gateway never changes data.
-- hint: Send a statement that starts with SELECT or WITH.
CALL pragma_version();

-- title: DO
-- dataset: hospital
-- code: unsupported_sql
-- fact: Only queries are answered: the gateway never changes data.
-- hint: Send a statement that starts with SELECT or WITH.
DO $$ BEGIN END $$;

-- title: SET
-- dataset: hospital
-- code: unsupported_sql
-- fact: Only queries are answered: the gateway never changes data.
-- hint: Send a statement that starts with SELECT or WITH.
SET search_path = x;

-- title: SHOW
-- dataset: hospital
-- code: unsupported_sql
-- fact: Only queries are answered: the gateway never changes data.
-- hint: Send a statement that starts with SELECT or WITH.
SHOW TABLES;

-- title: PRAGMA
-- dataset: hospital
-- code: unsupported_sql
-- fact: Only queries are answered: the gateway never changes data.
-- hint: Send a statement that starts with SELECT or WITH.
PRAGMA database_list;

-- title: ATTACH
-- dataset: hospital
-- code: unsupported_sql
-- fact: Only queries are answered: the gateway never changes data.
-- hint: Send a statement that starts with SELECT or WITH.
ATTACH 'x.db';

-- title: VALUES
-- dataset: hospital
-- code: unsupported_sql
-- fact: Only queries are answered: the gateway never changes data.
-- hint: Send a statement that starts with SELECT or WITH.
VALUES (1);

-- title: TABLE
-- dataset: hospital
-- code: unsupported_sql
-- fact: Only queries are answered: the gateway never changes data.
-- hint: Send a statement that starts with SELECT or WITH.
TABLE encounters;

-- title: DuckDB's FROM first
-- dataset: hospital
-- code: unsupported_sql
-- fact: Only queries are answered: the gateway never changes data.
-- hint: Send a statement that starts with SELECT or WITH.
FROM encounters;

-- title: DESCRIBE
-- dataset: hospital
-- code: unsupported_sql
-- fact: Only queries are answered: the gateway never changes data.
-- hint: Send a statement that starts with SELECT or WITH.
DESCRIBE encounters;

-- title: SUMMARIZE
-- dataset: hospital
-- code: unsupported_sql
-- fact: Only queries are answered: the gateway never changes data.
-- hint: Send a statement that starts with SELECT or WITH.
SUMMARIZE encounters;

-- title: a data change in WITH
-- dataset: hospital
-- code: unsupported_sql
-- fact: This kind of query is not supported.
-- hint: Write a SELECT.
-- at: 1:24
WITH x AS (DELETE FROM encounters RETURNING *) SELECT COUNT(*) FROM x;

-- title: an insert in WITH
-- dataset: hospital
-- code: unsupported_sql
-- fact: This kind of query is not supported.
-- hint: Write a SELECT.
-- at: 1:24
WITH x AS (INSERT INTO encounters (age) VALUES ('x') RETURNING age) SELECT * FROM x;

-- title: SELECT INTO
-- dataset: hospital
-- code: unsupported_sql
-- fact: Only queries are answered: the gateway never changes data.
-- hint: Send a statement that starts with SELECT or WITH.
SELECT age, COUNT(*) INTO copied FROM encounters GROUP BY age;

-- title: FOR UPDATE
-- dataset: hospital
-- code: unsupported_sql
-- fact: LOCKS in SELECT is not supported.
-- hint: Leave it out.
-- at: 1:8
SELECT COUNT(*) FROM encounters FOR UPDATE;

-- title: FOR SHARE
-- dataset: hospital
-- code: unsupported_sql
-- fact: LOCKS in SELECT is not supported.
-- hint: Leave it out.
-- at: 1:8
SELECT age, COUNT(*) FROM encounters GROUP BY age FOR SHARE;

-- title: a recursive common table expression
-- dataset: hospital
-- code: unsupported_sql
-- fact: WITH RECURSIVE is not supported.
-- hint: Write the steps out.
-- at: 1:16
WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT COUNT(*) FROM t;

-- title: recursion over rows
-- dataset: hospital
-- code: unsupported_sql
-- fact: WITH RECURSIVE is not supported.
-- hint: Write the steps out.
-- at: 1:16
WITH RECURSIVE t AS (SELECT * FROM encounters) SELECT COUNT(*) FROM t;
