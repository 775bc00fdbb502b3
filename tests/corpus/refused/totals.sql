-- Totals that cannot be put together from the finest groups.

-- title: owners do not add up
-- dataset: hospital
-- code: unsupported_sql
-- fact: Distinct counts do not add up: one value may be in several groups.
-- hint: Ask for each level of totals in a query of its own.
-- at: 
SELECT age, COUNT(DISTINCT patient_nbr) FROM encounters GROUP BY ROLLUP (age);

-- title: nor do distinct values
-- dataset: hospital
-- code: unsupported_sql
-- fact: Distinct counts do not add up: one value may be in several groups.
-- hint: Ask for each level of totals in a query of its own.
-- at: 
SELECT age, COUNT(DISTINCT diag_1) FROM encounters GROUP BY CUBE (age);

-- title: totals over owners
-- dataset: hospital
-- code: unsupported_sql
-- fact: ROLLUP, CUBE or GROUPING SETS over groups of one owner's rows is not supported.
-- hint: GROUP BY the owner alone, and ask for totals in an outer query.
-- at: 1:8
SELECT patient_nbr, COUNT(*) FROM encounters GROUP BY ROLLUP (patient_nbr);

-- title: totals over a key of rows and its owner
-- dataset: hospital
-- code: unsupported_sql
-- fact: ROLLUP, CUBE or GROUPING SETS over groups of one owner's rows is not supported.
-- hint: GROUP BY the owner alone, and ask for totals in an outer query.
-- at: 1:8
SELECT age, patient_nbr, COUNT(*) FROM encounters GROUP BY GROUPING SETS ((age), (patient_nbr));

-- title: a column that no set has
-- dataset: hospital
-- code: not_private
-- fact: "gender" is neither grouped nor aggregated, so it would show values of single rows.
-- hint: Add "gender" to GROUP BY, or aggregate it.
-- at: 1:13
SELECT age, gender, COUNT(*) FROM encounters GROUP BY ROLLUP (age);

-- title: GROUPING of what is not grouped
-- dataset: hospital
-- code: not_private
-- fact: "gender" is neither grouped nor aggregated, so it would show values of single rows.
-- hint: Add "gender" to GROUP BY, or aggregate it.
-- at: 1:22
SELECT age, GROUPING(gender), COUNT(*) FROM encounters GROUP BY ROLLUP (age);
