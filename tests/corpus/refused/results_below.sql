-- A result that rows meet is the same for all of them, and it is the released one.

-- title: a grouped subquery tied to the row
-- dataset: hospital
-- code: unsupported_sql
-- fact: A subquery tied to the row that groups rows of several owners, below the aggregates, is not supported.
-- hint: Group by the owner, or join a grouped subquery that is not tied to the row.
-- at: 2:22
SELECT COUNT(*) FROM encounters e
WHERE EXISTS (SELECT 1 FROM encounters i WHERE i.age = e.age GROUP BY i.age HAVING COUNT(*) > 9000);

-- title: rows that picked rows are joined to
-- dataset: hospital
-- code: not_private
-- fact: LIMIT would pick rows of individuals.
-- hint: Aggregate first; LIMIT and windows work on the results.
-- at: 1:48
SELECT COUNT(*) FROM encounters e JOIN (SELECT age FROM encounters LIMIT 5) t ON e.age = t.age;

-- title: several columns in IN
-- dataset: hospital
-- code: unsupported_sql
-- fact: IN with several columns is not supported.
-- hint: Select one column.
-- at: 2:22
SELECT COUNT(*) FROM encounters
WHERE age IN (SELECT age, COUNT(*) FROM encounters GROUP BY age);

-- title: a released column without bounds in a sum
-- dataset: hospital
-- code: missing_bounds
-- fact: The sum has no bounds: "n" has none in the policy.
-- hint: Add `bounds` for "n" to the policy, or narrow with WHERE … BETWEEN.
-- at: 1:8
SELECT SUM(t.n) FROM encounters e
JOIN (SELECT age, COUNT(*) AS n FROM encounters GROUP BY age) t ON e.age = t.age;

-- title: a result on the side that is kept
-- dataset: hospital
-- code: unsupported_sql
-- fact: An outer join that keeps public rows without a protected one is not supported.
-- hint: Use JOIN: groups of a public column are reported also when they are empty.
-- at: 2:11
SELECT COUNT(*) FROM (SELECT age, COUNT(*) AS n FROM encounters GROUP BY age) t
LEFT JOIN encounters e ON e.age = t.age;
