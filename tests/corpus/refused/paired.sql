-- Aggregates of two columns that are not answered.

-- title: of text
-- dataset: hospital
-- code: unsupported_sql
-- fact: CORR needs a number, not text.
-- hint: Sum a numeric column or expression.
-- at: 1:8
SELECT CORR(time_in_hospital, diag_1) FROM encounters;

-- title: of a column without bounds
-- dataset: hospital
-- code: missing_bounds
-- fact: The sum has no bounds: "patient_nbr" has none in the policy.
-- hint: Add `bounds` for "patient_nbr" to the policy, or narrow with WHERE … BETWEEN.
-- at: 1:8
SELECT COVAR_POP(time_in_hospital, patient_nbr) FROM encounters;

-- title: of distinct values
-- dataset: hospital
-- code: unsupported_sql
-- fact: REGR_SLOPE(DISTINCT …) is not supported.
-- hint: Use REGR_SLOPE without DISTINCT.
-- at: 1:8
SELECT REGR_SLOPE(DISTINCT time_in_hospital, num_medications) FROM encounters;

-- title: of a moment
-- dataset: retail
-- code: unsupported_sql
-- fact: REGR_SLOPE needs a number, not timestamp.
-- hint: Sum a numeric column or expression.
-- at: 1:8
SELECT REGR_SLOPE(quantity, invoice_at) FROM lines;

-- title: over the rows of individuals
-- dataset: hospital
-- code: not_private
-- fact: "age" is neither grouped nor aggregated, so it would show values of single rows.
-- hint: Add "age" to GROUP BY, or aggregate it.
-- at: 1:8
SELECT age, CORR(time_in_hospital, num_medications) FROM encounters;
