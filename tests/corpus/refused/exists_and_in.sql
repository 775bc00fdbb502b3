-- A test that reads other owners' rows would let one owner's rows decide about another's.

-- title: any patient's row
-- dataset: hospital
-- code: not_private
-- fact: The subquery would test a row against rows of other owners.
-- hint: Correlate it on the owner, or ask for the inner result in a query of its own.
-- at: 1:56
SELECT COUNT(*) FROM encounters e WHERE EXISTS (SELECT 1 FROM encounters o WHERE o.diag_1 = '428');

-- title: tied by another column
-- dataset: hospital
-- code: not_private
-- fact: The subquery would test a row against rows of other owners.
-- hint: Correlate it on the owner, or ask for the inner result in a query of its own.
-- at: 1:56
SELECT COUNT(*) FROM encounters e WHERE EXISTS (SELECT 1 FROM encounters o WHERE o.diag_1 = e.diag_1);

-- title: tied to the owner or to something else
-- dataset: hospital
-- code: not_private
-- fact: The subquery would test a row against rows of other owners.
-- hint: Correlate it on the owner, or ask for the inner result in a query of its own.
-- at: 1:56
SELECT COUNT(*) FROM encounters e WHERE EXISTS (SELECT 1 FROM encounters o WHERE o.patient_nbr = e.patient_nbr OR o.diag_1 = e.diag_1);

-- title: every other owner
-- dataset: hospital
-- code: not_private
-- fact: The subquery would test a row against rows of other owners.
-- hint: Correlate it on the owner, or ask for the inner result in a query of its own.
-- at: 1:60
SELECT COUNT(*) FROM encounters e WHERE NOT EXISTS (SELECT 1 FROM encounters o WHERE o.patient_nbr <> e.patient_nbr AND o.diag_1 = e.diag_1);

-- title: IN values of all owners
-- dataset: hospital
-- code: not_private
-- fact: The subquery would test a row against rows of other owners.
-- hint: Correlate it on the owner, or ask for the inner result in a query of its own.
-- at: 1:57
SELECT COUNT(*) FROM encounters WHERE diag_1 IN (SELECT diag_1 FROM encounters WHERE readmitted = '<30');

-- title: NOT IN values of all owners
-- dataset: retail
-- code: not_private
-- fact: The subquery would test a row against rows of other owners.
-- hint: Correlate it on the owner, or ask for the inner result in a query of its own.
-- at: 1:60
SELECT COUNT(*) FROM lines WHERE stock_code NOT IN (SELECT stock_code FROM lines WHERE quantity < 0);

-- title: the owner among other numbers
-- dataset: hospital
-- code: not_private
-- fact: The subquery would test a row against rows of other owners.
-- hint: Correlate it on the owner, or ask for the inner result in a query of its own.
-- at: 1:62
SELECT COUNT(*) FROM encounters WHERE patient_nbr IN (SELECT time_in_hospital FROM encounters);

-- title: the outer column's own name, not a tie
-- dataset: hospital
-- code: not_private
-- fact: The subquery would test a row against rows of other owners.
-- hint: Correlate it on the owner, or ask for the inner result in a query of its own.
-- at: 1:56
SELECT COUNT(*) FROM encounters e WHERE EXISTS (SELECT 1 FROM encounters o WHERE o.patient_nbr = patient_nbr AND o.diag_1 = '428');

-- title: a tie that only the inner of two has
-- dataset: hospital
-- code: not_private
-- fact: The subquery would test a row against rows of other owners.
-- hint: Correlate it on the owner, or ask for the inner result in a query of its own.
-- at: 1:56
SELECT COUNT(*) FROM encounters a WHERE EXISTS (SELECT 1 FROM encounters b WHERE EXISTS (SELECT 1 FROM encounters c WHERE c.patient_nbr = a.patient_nbr AND c.patient_nbr = b.patient_nbr));

-- title: the inner of two without a tie
-- dataset: hospital
-- code: not_private
-- fact: The subquery would test a row against rows of other owners.
-- hint: Correlate it on the owner, or ask for the inner result in a query of its own.
-- at: 1:131
SELECT COUNT(*) FROM encounters a WHERE EXISTS (SELECT 1 FROM encounters b WHERE b.patient_nbr = a.patient_nbr AND EXISTS (SELECT 1 FROM encounters c WHERE c.diag_1 = b.diag_1));

-- title: the first few owners
-- dataset: hospital
-- code: not_private
-- fact: LIMIT would pick rows of individuals.
-- hint: Aggregate first; LIMIT and windows work on the results.
-- at: 1:62
SELECT COUNT(*) FROM encounters WHERE patient_nbr IN (SELECT patient_nbr FROM encounters ORDER BY time_in_hospital DESC LIMIT 10);

-- title: IN a union
-- dataset: hospital
-- code: unsupported_sql
-- fact: UNION over rows of individuals is not supported.
-- hint: Use UNION ALL of rows with the same columns, or aggregate each part first.
-- at: 1:62
SELECT COUNT(*) FROM encounters WHERE patient_nbr IN (SELECT patient_nbr FROM encounters UNION SELECT patient_nbr FROM encounters);

-- title: two columns of IN
-- dataset: hospital
-- code: unsupported_sql
-- fact: IN with several columns is not supported.
-- hint: Select one column.
-- at: 1:62
SELECT COUNT(*) FROM encounters WHERE patient_nbr IN (SELECT patient_nbr, age FROM encounters);

-- title: EXISTS around a count
-- dataset: hospital
-- code: unsupported_sql
-- fact: A subquery tied to the row that groups rows of several owners, below the aggregates, is not supported.
-- hint: Group by the owner, or join a grouped subquery that is not tied to the row.
-- at: 1:56
SELECT COUNT(*) FROM encounters e WHERE EXISTS (SELECT COUNT(*) FROM encounters o WHERE o.patient_nbr = e.patient_nbr);

-- title: IN rows above the aggregates
-- dataset: hospital
-- code: not_private
-- fact: The subquery would return rows of individuals.
-- hint: Aggregate inside the subquery.
-- at: 1:76
SELECT description FROM admission_types WHERE admission_type_id IN (SELECT admission_type_id FROM encounters);

-- title: whether rows exist for a result
-- dataset: hospital
-- code: unsupported_sql
-- fact: Asking whether protected rows exist for a row of a result is not supported.
-- hint: Compare a COUNT(*) with a number.
-- at: 2:56
SELECT age, n FROM (SELECT age, COUNT(*) AS n FROM encounters GROUP BY age) t
WHERE EXISTS (SELECT 1 FROM encounters e WHERE e.age = t.age);

-- title: a result among rows
-- dataset: hospital
-- code: not_private
-- fact: The subquery would return rows of individuals.
-- hint: Aggregate inside the subquery.
-- at: 2:22
SELECT age, n FROM (SELECT age, COUNT(*) AS n FROM encounters GROUP BY age) t
WHERE age IN (SELECT age FROM encounters);

-- title: ALL over other owners
-- dataset: hospital
-- code: not_private
-- fact: The subquery would test a row against rows of other owners.
-- hint: Correlate it on the owner, or ask for the inner result in a query of its own.
-- at: 1:70
SELECT COUNT(*) FROM encounters WHERE time_in_hospital > ALL (SELECT time_in_hospital FROM encounters WHERE age = '[0-10)');

-- title: two columns, none the owner
-- dataset: retail
-- code: not_private
-- fact: The subquery would test a row against rows of other owners.
-- hint: Correlate it on the owner, or ask for the inner result in a query of its own.
-- at: 1:67
SELECT COUNT(*) FROM lines WHERE (stock_code, country) IN (SELECT stock_code, country FROM lines WHERE quantity < 0);

-- title: two columns with one
-- dataset: retail
-- code: unsupported_sql
-- fact: IN with another number of columns is not supported.
-- hint: Select as many columns.
-- at: 1:35
SELECT COUNT(*) FROM lines WHERE (customer_id, stock_code) IN (SELECT customer_id FROM lines WHERE quantity < 0);

-- title: the owner less than any
-- dataset: retail
-- code: not_private
-- fact: The subquery would test a row against rows of other owners.
-- hint: Correlate it on the owner, or ask for the inner result in a query of its own.
-- at: 1:60
SELECT COUNT(*) FROM lines WHERE customer_id < ANY (SELECT customer_id FROM lines WHERE quantity < 0);

