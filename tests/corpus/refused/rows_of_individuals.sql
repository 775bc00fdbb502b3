-- A query's result may not show rows, or values of single rows.

-- title: single rows
-- dataset: hospital
-- code: not_private
-- fact: The query would return rows of single patients.
-- hint: Aggregate: for example SELECT column, COUNT(*) FROM … GROUP BY column.
-- at: 1:8
SELECT patient_nbr, age FROM encounters;

-- title: every column
-- dataset: hospital
-- code: not_private
-- fact: The query would return rows of single patients.
-- hint: Aggregate: for example SELECT column, COUNT(*) FROM … GROUP BY column.
-- at: 1:8
SELECT * FROM encounters;

-- title: rows chosen by a key
-- dataset: hospital
-- code: not_private
-- fact: The query would return rows of single patients.
-- hint: Aggregate: for example SELECT column, COUNT(*) FROM … GROUP BY column.
-- at: 1:8
SELECT time_in_hospital FROM encounters WHERE patient_nbr = 8222157;

-- title: a column beside an aggregate
-- dataset: hospital
-- code: not_private
-- fact: "age" is neither grouped nor aggregated, so it would show values of single rows.
-- hint: Add "age" to GROUP BY, or aggregate it.
-- at: 1:8
SELECT age, COUNT(*) FROM encounters;

-- title: an expression that is not the key
-- dataset: hospital
-- code: not_private
-- fact: "time_in_hospital" is neither grouped nor aggregated, so it would show values of single
-- hint: Add "time_in_hospital" to GROUP BY, or aggregate it.
-- at: 1:8
SELECT time_in_hospital + 1, COUNT(*) FROM encounters GROUP BY age;

-- title: a row of individuals in an ORDER BY
-- dataset: hospital
-- code: not_private
-- fact: "race" is neither grouped nor aggregated, so it would show values of single rows.
-- hint: Add "race" to GROUP BY, or aggregate it.
-- at: 1:65
SELECT age, COUNT(*) AS n FROM encounters GROUP BY age ORDER BY race;

-- title: a column in HAVING
-- dataset: hospital
-- code: not_private
-- fact: "gender" is neither grouped nor aggregated, so it would show values of single rows.
-- hint: Add "gender" to GROUP BY, or aggregate it.
-- at: 1:63
SELECT age, COUNT(*) AS n FROM encounters GROUP BY age HAVING gender = 'Male';

-- title: a sub-select of rows
-- dataset: hospital
-- code: not_private
-- fact: The query would return rows of single patients.
-- hint: Aggregate: for example SELECT column, COUNT(*) FROM … GROUP BY column.
-- at: 1:8
SELECT * FROM (SELECT age, gender FROM encounters) t;

-- title: a common table expression of rows
-- dataset: hospital
-- code: not_private
-- fact: The query would return rows of single patients.
-- hint: Aggregate: for example SELECT column, COUNT(*) FROM … GROUP BY column.
-- at: 1:6
WITH t AS (SELECT * FROM encounters) SELECT age FROM t;

-- title: a scalar sub-query of rows
-- dataset: hospital
-- code: not_private
-- fact: LIMIT would pick rows of individuals.
-- hint: Aggregate first; LIMIT and windows work on the results.
-- at: 1:16
SELECT (SELECT age FROM encounters LIMIT 1) AS age;

-- title: rows in EXISTS
-- dataset: hospital
-- code: not_private
-- fact: The subquery would return rows of individuals.
-- hint: Aggregate inside the subquery.
-- at: 1:23
SELECT EXISTS (SELECT 1 FROM encounters WHERE patient_nbr = 8222157) AS there;

-- title: rows among public ones
-- dataset: hospital
-- code: not_private
-- fact: The subquery would return rows of individuals.
-- hint: Aggregate inside the subquery.
-- at: 1:76
SELECT description FROM admission_types WHERE admission_type_id IN (SELECT admission_type_id FROM encounters);

-- title: a whole row as a value
-- dataset: hospital
-- code: unsupported_sql
-- fact: "e" names a whole row, which cannot be used as a value.
-- hint: Name a column; to count rows, write COUNT(*).
-- at: 1:8
SELECT e FROM encounters e;

-- title: a whole row counted
-- dataset: hospital
-- code: unsupported_sql
-- fact: "e" names a whole row, which cannot be used as a value.
-- hint: Name a column; to count rows, write COUNT(*).
-- at: 1:14
SELECT COUNT(e) FROM encounters e;

-- title: a whole row counted by the table's name
-- dataset: hospital
-- code: unsupported_sql
-- fact: "encounters" names a whole row, which cannot be used as a value.
-- hint: Name a column; to count rows, write COUNT(*).
-- at: 1:14
SELECT COUNT(encounters) FROM encounters;

-- title: the columns of a whole row
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression (e).age over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:9
SELECT (e).age, COUNT(*) FROM encounters e GROUP BY 1;

-- title: a whole row as text
-- dataset: hospital
-- code: unsupported_sql
-- fact: "e" names a whole row, which cannot be used as a value.
-- hint: Name a column; to count rows, write COUNT(*).
-- at: 1:41
SELECT COUNT(*) FROM encounters e WHERE e::text LIKE '%8222157%';

-- title: a method of a whole row
-- dataset: hospital
-- code: unknown_column
-- fact: There is no column "row_to_json" that you can use.
-- hint: GET /v1/datasets/{name} lists the columns of each table.
-- at: 1:8
SELECT e.row_to_json, COUNT(*) FROM encounters e GROUP BY 1;

-- title: row_to_json
-- dataset: hospital
-- code: unsupported_sql
-- fact: The function row_to_json over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:8
SELECT row_to_json(e) FROM encounters e;

-- title: a row constructor
-- dataset: hospital
-- code: unsupported_sql
-- fact: The function row over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:8
SELECT ROW(age, gender), COUNT(*) FROM encounters GROUP BY 1;

-- title: distinct rows of a table
-- dataset: hospital
-- code: not_private
-- fact: The query would return rows of single patients.
-- hint: Aggregate: for example SELECT column, COUNT(*) FROM … GROUP BY column.
-- at: 1:17
SELECT DISTINCT * FROM encounters;

-- title: DISTINCT ON
-- dataset: hospital
-- code: not_private
-- fact: DISTINCT ON would pick one owner's row and drop another's.
-- hint: Add the owner: DISTINCT ON (patient_nbr, …). Or aggregate.
-- at: 1:21
SELECT DISTINCT ON (age) age, gender FROM encounters;
