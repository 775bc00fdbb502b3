-- Sums are clamped at the input of the aggregate, rounded to the column's step, and exact.

-- title: a sum between declared bounds
-- dataset: hospital
SELECT SUM(time_in_hospital) AS days FROM encounters;

-- title: sums of several columns
-- dataset: hospital
SELECT SUM(num_medications) AS medications, SUM(num_procedures) AS procedures FROM encounters;

-- title: a sum of an expression, bounded by interval arithmetic
-- dataset: hospital
SELECT SUM(num_procedures * 100 + num_lab_procedures * 20) AS price FROM encounters;

-- title: an indicator summed
-- dataset: hospital
SELECT SUM(CASE WHEN readmitted = '<30' THEN 1 ELSE 0 END) AS soon FROM encounters;

-- title: a sum with FILTER
-- dataset: hospital
SELECT SUM(time_in_hospital) FILTER (WHERE insulin = 'Up') AS days FROM encounters;

-- title: a negative sum
-- dataset: hospital
SELECT SUM(-time_in_hospital) AS days, SUM(5 - number_diagnoses) AS fewer FROM encounters;

-- title: a sum with its own bound on one owner's total
-- dataset: retail
SELECT SUM(quantity) AS units FROM lines;

-- title: a part of a column keeps the column's bound on totals
-- dataset: retail
SELECT SUM(CASE WHEN quantity > 0 THEN quantity END) AS sold,
       SUM(CASE WHEN quantity < 0 THEN quantity ELSE 0 END) AS returned
FROM lines;

-- title: fractional values in steps of a penny
-- dataset: retail
SELECT SUM(unit_price) AS prices FROM lines;

-- title: a product of two bounded columns
-- dataset: retail
SELECT SUM(quantity * unit_price) AS revenue FROM lines;

-- title: a sum per group
-- dataset: hospital
SELECT age, SUM(number_emergency) AS visits FROM encounters GROUP BY age;

-- title: a sum bounded by the analyst
-- dataset: retail
SELECT SUM(LEAST(GREATEST(quantity, 0), 100)) AS units FROM lines;

-- title: the sum of a cast
-- dataset: hospital
SELECT SUM(CAST(time_in_hospital AS double precision)) AS days FROM encounters;
