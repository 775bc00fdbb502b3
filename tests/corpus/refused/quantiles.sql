-- Quantiles that are not answered.

-- title: of text
-- dataset: hospital
-- code: unsupported_sql
-- fact: MAX needs a number, date or timestamp, not text.
-- hint: Use a numeric column or expression, or group by the column and count.
-- at: 1:8
SELECT MAX(diag_1) FROM encounters;

-- title: of a column without bounds
-- dataset: hospital
-- code: missing_bounds
-- fact: The quantile has no bounds: "patient_nbr"
-- hint: Add `bounds` for "patient_nbr" to the policy
-- at: 1:8
SELECT MEDIAN(patient_nbr) FROM encounters;

-- title: of an expression that nothing bounds
-- dataset: hospital
-- code: missing_bounds
-- fact: The quantile has no bounds: nothing bounds the result of
-- hint: Wrap the expression in LEAST(GREATEST(
-- at: 1:8
SELECT MEDIAN(ln(num_medications)) FROM encounters;

-- title: a fraction above one
-- dataset: hospital
-- code: unsupported_sql
-- fact: The fraction of PERCENTILE_CONT is no constant between 0 and 1.
-- hint: Write a number such as 0.5
-- at: 1:24
SELECT PERCENTILE_CONT(50) WITHIN GROUP (ORDER BY time_in_hospital) FROM encounters;

-- title: a fraction of the row
-- dataset: hospital
-- code: unsupported_sql
-- fact: The fraction of PERCENTILE_CONT is no constant between 0 and 1.
-- hint: Write a number such as 0.5
-- at: 1:24
SELECT PERCENTILE_CONT(num_procedures / 6.0) WITHIN GROUP (ORDER BY time_in_hospital) FROM encounters;

-- title: of distinct values
-- dataset: hospital
-- code: unsupported_sql
-- fact: A quantile of distinct values is not supported.
-- hint: Leave DISTINCT out.
-- at: 1:8
SELECT MEDIAN(DISTINCT time_in_hospital) FROM encounters;

-- title: in the order of two columns
-- dataset: hospital
-- code: unsupported_sql
-- fact: This form of percentile is not supported.
-- hint: of one value.
-- at: 1:8
SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY time_in_hospital, num_procedures) FROM encounters;

-- title: an element that no fraction has
-- dataset: hospital
-- code: unsupported_sql
-- fact: This element of several quantiles is not supported.
-- hint: Use a number from 1 to 2.
-- at: 1:9
SELECT (PERCENTILE_CONT(ARRAY[0.25, 0.5]) WITHIN GROUP (ORDER BY num_medications))[3] FROM encounters;

-- title: in WHERE
-- dataset: hospital
-- code: unsupported_sql
-- fact: An aggregate here is not supported.
-- hint: Aggregate in the SELECT list or in HAVING.
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY num_procedures) > 1;

-- title: in totals over many keys
-- dataset: hospital
-- code: unsupported_sql
-- fact: Quantiles of totals over more than 4 keys are not supported.
-- hint: Ask for each level of totals in a query of its own.
SELECT MEDIAN(time_in_hospital) FROM encounters
GROUP BY CUBE (age, gender, change, readmitted, diabetesmed);

-- title: in too many groups
-- dataset: hospital
-- code: unsupported_sql
-- fact: groups at once are too many.
-- hint: Group by fewer keys
-- at: 1:8
SELECT MEDIAN(num_lab_procedures) FROM encounters
GROUP BY age, race, weight, readmitted, insulin, metformin, max_glu_serum;

-- title: per owner
-- dataset: hospital
-- code: unsupported_sql
-- fact: The aggregate percentile_cont is not supported.
-- hint: Per owner, use COUNT
-- at: 1:41
SELECT AVG(m) FROM (SELECT patient_nbr, MEDIAN(num_lab_procedures) AS m FROM encounters GROUP BY patient_nbr) t;
