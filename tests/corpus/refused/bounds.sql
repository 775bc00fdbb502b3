-- A sum needs bounds: from the policy, from WHERE, or by interval arithmetic.

-- title: the sum of the owner's number
-- dataset: hospital
-- code: missing_bounds
-- fact: The sum has no bounds: "patient_nbr" has none in the policy.
-- hint: Add `bounds` for "patient_nbr" to the policy, or narrow with WHERE …
-- at: 1:8
SELECT SUM(patient_nbr) FROM encounters;

-- title: a sum divided by what may be zero
-- dataset: hospital
-- code: missing_bounds
-- fact: The sum has no bounds: nothing bounds the result of a / b; of integers the quotient is
-- hint: Wrap the expression in LEAST(GREATEST(…, low), high).
-- at: 1:8
SELECT SUM(num_medications / num_procedures::float) FROM encounters;

-- title: a logarithm
-- dataset: hospital
-- code: missing_bounds
-- fact: The sum has no bounds: nothing bounds the result of ln(a); NULL unless a > 0.
-- hint: Wrap the expression in LEAST(GREATEST(…, low), high).
-- at: 1:8
SELECT SUM(ln(num_medications)) FROM encounters;

-- title: a cast text
-- dataset: hospital
-- code: missing_bounds
-- fact: The sum has no bounds: nothing bounds the result of CAST(a AS type), a::type; NULL where
-- hint: Wrap the expression in LEAST(GREATEST(…, low), high).
-- at: 1:8
SELECT SUM(CAST(diag_1 AS integer)) FROM encounters;

