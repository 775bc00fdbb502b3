-- Nothing below the release picks rows across owners.

-- title: LIMIT below the release
-- dataset: hospital
-- code: not_private
-- fact: LIMIT would pick rows of individuals.
-- hint: Aggregate first; LIMIT and windows work on the results.
-- at: 1:30
SELECT COUNT(*) FROM (SELECT * FROM encounters LIMIT 10) t;

-- title: ORDER BY and LIMIT below
-- dataset: hospital
-- code: not_private
-- fact: LIMIT would pick rows of individuals.
-- hint: Aggregate first; LIMIT and windows work on the results.
-- at: 1:43
SELECT AVG(time_in_hospital) FROM (SELECT * FROM encounters ORDER BY time_in_hospital DESC LIMIT 1) t;

-- title: OFFSET below
-- dataset: hospital
-- code: not_private
-- fact: OFFSET would pick rows of individuals.
-- hint: Aggregate first; LIMIT and windows work on the results.
-- at: 1:30
SELECT COUNT(*) FROM (SELECT * FROM encounters OFFSET 5) t;

-- title: FETCH below
-- dataset: hospital
-- code: not_private
-- fact: LIMIT would pick rows of individuals.
-- hint: Aggregate first; LIMIT and windows work on the results.
-- at: 1:30
SELECT COUNT(*) FROM (SELECT * FROM encounters FETCH FIRST 5 ROWS ONLY) t;

-- title: LIMIT in a common table expression
-- dataset: hospital
-- code: not_private
-- fact: LIMIT would pick rows of individuals.
-- hint: Aggregate first; LIMIT and windows work on the results.
-- at: 1:19
WITH t AS (SELECT * FROM encounters LIMIT 5) SELECT COUNT(*) FROM t;

-- title: LIMIT around parentheses
-- dataset: hospital
-- code: unsupported_sql
-- fact: LIMIT over rows of individuals is not supported.
-- hint: Aggregate first.
-- at: 1:31
SELECT COUNT(*) FROM ((SELECT * FROM encounters) LIMIT 5) t;

-- title: WITH TIES
-- dataset: hospital
-- code: unsupported_sql
-- fact: WITH TIES or PERCENT is not supported.
-- hint: Use LIMIT with a number of rows.
-- at: 1:79
SELECT age, COUNT(*) AS n FROM encounters GROUP BY age ORDER BY n FETCH FIRST 2 ROWS WITH TIES;

-- title: a percentage of the rows
-- dataset: hospital
-- code: unsupported_sql
-- fact: WITH TIES or PERCENT is not supported.
-- hint: Use LIMIT with a number of rows.
-- at: 1:79
SELECT age, COUNT(*) AS n FROM encounters GROUP BY age ORDER BY n FETCH FIRST 20 PERCENT ROWS ONLY;

-- title: a window over rows
-- dataset: hospital
-- code: not_private
-- fact: The window reads rows of several owners: one owner would decide about another's row.
-- hint: Add the owner to its PARTITION BY: patient_nbr. Or aggregate first; windows work on the results.
-- at: 1:13
SELECT age, ROW_NUMBER() OVER (ORDER BY patient_nbr) AS place FROM encounters;

-- title: a window over rows, aggregated
-- dataset: hospital
-- code: not_private
-- fact: The window reads rows of several owners: one owner would decide about another's row.
-- hint: Add the owner to its PARTITION BY: patient_nbr. Or aggregate first; windows work on the results.
-- at: 1:30
SELECT COUNT(*) FROM (SELECT ROW_NUMBER() OVER (ORDER BY age) AS r FROM encounters) t WHERE r < 5;

-- title: a window in WHERE
-- dataset: hospital
-- code: unsupported_sql
-- fact: A window function here is not supported.
-- hint: Put it into the SELECT list of a subquery, and use its column.
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE ROW_NUMBER() OVER () = 1;

-- title: a window across owners below
-- dataset: hospital
-- code: not_private
-- fact: The window reads rows of several owners: one owner would decide about another's row.
-- hint: Add the owner to its PARTITION BY: patient_nbr. Or aggregate first; windows work on the results.
-- at: 1:32
SELECT MAX(total) FROM (SELECT SUM(time_in_hospital) OVER (PARTITION BY age) AS total FROM encounters) t;

-- title: QUALIFY over rows
-- dataset: hospital
-- code: not_private
-- fact: The window reads rows of several owners: one owner would decide about another's row.
-- hint: Add the owner to its PARTITION BY: patient_nbr. Or aggregate first; windows work on the results.
-- at: 1:36
SELECT age FROM encounters QUALIFY ROW_NUMBER() OVER (PARTITION BY age) = 1;

-- title: a union of rows of individuals and constants
-- dataset: hospital
-- code: unsupported_sql
-- fact: UNION over rows of individuals is not supported.
-- hint: Use UNION ALL of rows with the same columns, or aggregate each part
-- at: 1:30
SELECT COUNT(*) FROM (SELECT age FROM encounters UNION ALL SELECT '[0-10)') t;

-- title: a union of distinct rows
-- dataset: hospital
-- code: unsupported_sql
-- fact: UNION over rows of individuals is not supported.
-- hint: Use UNION ALL of rows with the same columns, or aggregate each part
-- at: 1:30
SELECT COUNT(*) FROM (SELECT age FROM encounters UNION SELECT age FROM encounters) t;

-- title: an intersection of rows
-- dataset: hospital
-- code: unsupported_sql
-- fact: INTERSECT over rows of individuals is not supported.
-- hint: Use UNION ALL of rows with the same columns, or aggregate each part
-- at: 1:30
SELECT COUNT(*) FROM (SELECT age FROM encounters INTERSECT SELECT '[0-10)') t;

-- title: a difference of rows
-- dataset: hospital
-- code: unsupported_sql
-- fact: EXCEPT over rows of individuals is not supported.
-- hint: Use UNION ALL of rows with the same columns, or aggregate each part
-- at: 1:30
SELECT COUNT(*) FROM (SELECT patient_nbr FROM encounters EXCEPT SELECT patient_nbr FROM encounters WHERE age = '[0-10)') t;
