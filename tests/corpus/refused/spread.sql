-- Spreads that are not answered.

-- title: of distinct values
-- dataset: hospital
-- code: unsupported_sql
-- fact: STDDEV_SAMP(DISTINCT …) is not supported.
-- hint: Use STDDEV_SAMP without DISTINCT.
-- at: 1:8
SELECT STDDEV(DISTINCT time_in_hospital) FROM encounters;

-- title: of text
-- dataset: hospital
-- code: unsupported_sql
-- fact: VAR_SAMP needs a number, not text.
-- hint: Sum a numeric column or expression.
-- at: 1:8
SELECT VARIANCE(diag_1) FROM encounters;

-- title: of the owner's number
-- dataset: hospital
-- code: missing_bounds
-- fact: The sum has no bounds: "patient_nbr" has none in the policy.
-- hint: Add `bounds` for "patient_nbr" to the policy, or narrow with WHERE … BETWEEN.
-- at: 1:8
SELECT VAR_POP(patient_nbr) FROM encounters;

-- title: skewness
-- dataset: hospital
-- code: unsupported_sql
-- fact: The aggregate skewness is not supported.
-- hint: Use COUNT, COUNT(DISTINCT …), SUM, AVG, MEDIAN, STDDEV, CORR or REGR_SLOPE.
-- at: 1:8
SELECT SKEWNESS(num_procedures) FROM encounters;
