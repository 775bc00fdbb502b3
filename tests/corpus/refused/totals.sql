-- Totals that cannot be put together from the finest groups.

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

-- title: more levels than anybody reads
-- dataset: hospital
-- code: unsupported_sql
-- fact: Over 512 levels of totals is not supported.
-- hint: Group by fewer keys at once.
-- at: 1:48
SELECT COUNT(*) FROM encounters GROUP BY CUBE (age, gender, race, weight, readmitted, change, insulin, metformin, glipizide, glyburide);
