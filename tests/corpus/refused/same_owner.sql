-- Subqueries tied to the row's owner that give no one number.

-- title: a column without an aggregate
-- dataset: hospital
-- code: not_private
-- fact: "time_in_hospital" is not aggregated: the subquery would give several rows.
-- hint: Aggregate it, for example by MIN or MAX.
-- at: 2:34
SELECT COUNT(*) FROM encounters a
WHERE time_in_hospital > (SELECT time_in_hospital FROM encounters b WHERE b.patient_nbr = a.patient_nbr);

-- title: the first by LIMIT
-- dataset: retail
-- code: unsupported_sql
-- fact: LIMIT in a subquery that gives one value for each row is not supported.
-- hint: Ask for one aggregate, such as MIN, MAX or COUNT; for the row before or after use LAG or LEAD.
-- at: 2:26
SELECT COUNT(*) FROM lines a
WHERE quantity > (SELECT quantity FROM lines b WHERE b.customer_id = a.customer_id ORDER BY invoice_at LIMIT 1);

-- title: with groups
-- dataset: hospital
-- code: unsupported_sql
-- fact: GROUP in a subquery that gives one value for each row is not supported.
-- hint: Ask for one aggregate, such as MIN, MAX or COUNT; for the row before or after use LAG or LEAD.
-- at: 2:19
SELECT COUNT(*) FROM encounters a
WHERE 2 < (SELECT COUNT(*) FROM encounters b WHERE b.patient_nbr = a.patient_nbr GROUP BY b.age);

-- title: the owner's equality under OR
-- dataset: hospital
-- code: unsupported_sql
-- fact: A subquery tied to the row in this way is not supported.
-- hint: Tie it by equalities alone and ask for a SUM or AVG, without COUNT, COALESCE or LIMIT; or join a grouped subquery.
-- at: 2:68
SELECT COUNT(*) FROM encounters a
WHERE 2 < (SELECT COUNT(*) FROM encounters b WHERE b.patient_nbr = a.patient_nbr OR b.age = a.age);

-- title: two columns
-- dataset: hospital
-- code: unsupported_sql
-- fact: A subquery of several columns here is not supported.
-- hint: Select one column.
-- at: 2:19
SELECT COUNT(*) FROM encounters a
WHERE 2 < (SELECT COUNT(*), 1 FROM encounters b WHERE b.patient_nbr = a.patient_nbr);

-- title: a column that is only called like the owner
-- dataset: hospital
-- code: unsupported_sql
-- fact: A subquery tied to the row in this way is not supported.
-- hint: Tie it by equalities alone and ask for a SUM or AVG, without COUNT, COALESCE or LIMIT; or join a grouped subquery.
-- at: 2:101
SELECT COUNT(*) FROM encounters a
WHERE 2 < (SELECT COUNT(*) FROM (SELECT age AS patient_nbr FROM encounters) b WHERE b.patient_nbr = a.age);

-- title: an aggregate of an unbounded column is unbounded
-- dataset: hospital
-- code: missing_bounds
-- fact: The sum has no bounds: "most" has none in the policy.
-- hint: Add `bounds` for "most" to the policy, or narrow with WHERE … BETWEEN.
-- at: 1:8
SELECT SUM(most) FROM (SELECT (SELECT MAX(b.patient_nbr) FROM encounters b WHERE b.patient_nbr = a.patient_nbr) AS most
                       FROM encounters a) t;
