-- One value out of protected rows has to be an aggregate, and to be tied by equality where it is tied.

-- title: a single row's value
-- dataset: hospital
-- code: not_private
-- fact: LIMIT would pick rows of individuals.
-- hint: Aggregate first; LIMIT and windows work on the results.
-- at: 1:66
SELECT COUNT(*) FROM encounters WHERE time_in_hospital > (SELECT time_in_hospital FROM encounters LIMIT 1);

-- title: a count tied to the row
-- dataset: hospital
-- code: unsupported_sql
-- fact: A subquery tied to the row in this way is not supported.
-- hint: Tie it by equalities alone and ask for a SUM or AVG, without COUNT, COALESCE or LIMIT; or join a grouped subquery.
-- at: 1:107
SELECT COUNT(*) FROM encounters e WHERE num_procedures > (SELECT COUNT(*) FROM encounters o WHERE o.age = e.age);

-- title: tied by an inequality
-- dataset: hospital
-- code: unsupported_sql
-- fact: A subquery tied to the row in this way is not supported.
-- hint: Tie it by equalities alone and ask for a SUM or AVG, without COUNT, COALESCE or LIMIT; or join a grouped subquery.
-- at: 1:131
SELECT COUNT(*) FROM encounters e WHERE num_procedures > (SELECT AVG(num_procedures) FROM encounters o WHERE o.time_in_hospital < e.time_in_hospital);

-- title: tied, with a LIMIT
-- dataset: hospital
-- code: unsupported_sql
-- fact: A subquery tied to the row in this way is not supported.
-- hint: Tie it by equalities alone and ask for a SUM or AVG, without COUNT, COALESCE or LIMIT; or join a grouped subquery.
-- at: 1:118
SELECT COUNT(*) FROM encounters e WHERE num_procedures > (SELECT AVG(num_procedures) FROM encounters o WHERE o.age = e.age LIMIT 1);

-- title: tied, with a value for no rows
-- dataset: hospital
-- code: unsupported_sql
-- fact: A subquery tied to the row in this way is not supported.
-- hint: Tie it by equalities alone and ask for a SUM or AVG, without COUNT, COALESCE or LIMIT; or join a grouped subquery.
-- at: 1:131
SELECT COUNT(*) FROM encounters e WHERE num_procedures > (SELECT COALESCE(SUM(num_procedures), 0) FROM encounters o WHERE o.age = e.age AND o.insulin = 'Up');

-- title: two columns
-- dataset: hospital
-- code: unsupported_sql
-- fact: A subquery of several columns here is not supported.
-- hint: Select one column.
-- at: 1:64
SELECT COUNT(*) FROM encounters WHERE num_procedures > (SELECT AVG(num_procedures), COUNT(*) FROM encounters);

-- title: an average without bounds
-- dataset: hospital
-- code: missing_bounds
-- fact: The sum has no bounds: "patient_nbr" has none in the policy.
-- hint: Add `bounds` for "patient_nbr" to the policy, or narrow with WHERE … BETWEEN.
-- at: 1:66
SELECT COUNT(*) FROM encounters WHERE time_in_hospital > (SELECT AVG(patient_nbr) FROM encounters);

-- title: a sum of what is compared with noise
-- dataset: hospital
-- code: missing_bounds
-- fact: The sum has no bounds: nothing bounds the result of the expression.
-- hint: Wrap the expression in LEAST(GREATEST(…, low), high).
-- at: 1:8
SELECT SUM(time_in_hospital - (SELECT AVG(time_in_hospital) FROM encounters)) FROM encounters;

-- title: tied to a result by an inequality
-- dataset: hospital
-- code: unsupported_sql
-- fact: A subquery over protected rows that is tied in this way to a row of a result is not supported.
-- hint: Tie it by equalities alone, without LIMIT or DISTINCT, or join a grouped subquery.
-- at: 2:60
SELECT age, n FROM (SELECT age, COUNT(*) AS n FROM encounters GROUP BY age) t
WHERE n > (SELECT COUNT(*) FROM encounters e WHERE e.age < t.age);
