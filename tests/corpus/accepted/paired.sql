-- Aggregates of two columns, (Y, X) as in PostgreSQL: covariance, correlation, least squares.

-- title: a correlation
-- dataset: hospital
SELECT CORR(num_medications, time_in_hospital) AS r FROM encounters;

-- title: covariances of population and sample
-- dataset: hospital
SELECT COVAR_POP(num_medications, num_procedures) AS a,
       COVAR_SAMP(num_medications, num_procedures) AS b
FROM encounters;

-- title: a line of least squares
-- dataset: hospital
SELECT REGR_SLOPE(num_medications, time_in_hospital) AS per_day,
       REGR_INTERCEPT(num_medications, time_in_hospital) AS at_zero,
       REGR_R2(num_medications, time_in_hospital) AS explained
FROM encounters;

-- title: the whole family shares six numbers
-- dataset: hospital
SELECT REGR_COUNT(num_lab_procedures, time_in_hospital) AS n,
       REGR_AVGY(num_lab_procedures, time_in_hospital) AS y,
       REGR_AVGX(num_lab_procedures, time_in_hospital) AS x,
       REGR_SXX(num_lab_procedures, time_in_hospital) AS sxx,
       REGR_SYY(num_lab_procedures, time_in_hospital) AS syy,
       REGR_SXY(num_lab_procedures, time_in_hospital) AS sxy,
       CORR(time_in_hospital, num_lab_procedures) AS r,
       AVG(time_in_hospital) AS days, VAR_POP(num_lab_procedures) AS spread, COUNT(*) AS stays
FROM encounters;

-- title: per group
-- dataset: hospital
SELECT insulin, CORR(num_medications, num_lab_procedures) AS r
FROM encounters GROUP BY insulin;

-- title: per private group
-- dataset: hospital
SELECT payer_code, COVAR_POP(num_medications, time_in_hospital) AS c
FROM encounters WHERE payer_code IN ('MC', 'HM') GROUP BY payer_code;

-- title: of part of the rows
-- dataset: hospital
SELECT REGR_SLOPE(num_medications, time_in_hospital) FILTER (WHERE readmitted = 'NO') AS slope
FROM encounters;

-- title: where one of the two is often NULL
-- dataset: hospital
SELECT CORR(num_medications, CASE WHEN gender = 'Female' THEN time_in_hospital END) AS r,
       REGR_COUNT(num_medications, CASE WHEN gender = 'Female' THEN time_in_hospital END) AS n,
       REGR_AVGY(num_medications, CASE WHEN gender = 'Female' THEN time_in_hospital END) AS y
FROM encounters;

-- title: where either may be NULL
-- dataset: hospital
SELECT COVAR_POP(CASE WHEN insulin <> 'No' THEN num_medications END,
                 CASE WHEN gender = 'Female' THEN time_in_hospital END) AS c,
       REGR_COUNT(CASE WHEN gender = 'Female' THEN time_in_hospital END,
                  CASE WHEN insulin <> 'No' THEN num_medications END) AS n
FROM encounters;

-- title: of prices in pence and whole numbers
-- dataset: retail
SELECT CORR(quantity, unit_price) AS r, REGR_SLOPE(quantity, unit_price) AS slope
FROM lines WHERE quantity BETWEEN 1 AND 100;

-- title: of expressions
-- dataset: hospital
SELECT REGR_INTERCEPT(num_medications - num_procedures, 2 * time_in_hospital) AS a FROM encounters;

-- title: of totals per owner
-- dataset: hospital
SELECT CORR(days, stays) AS r
FROM (SELECT patient_nbr, SUM(time_in_hospital) AS days, COUNT(*) AS stays
      FROM encounters GROUP BY patient_nbr) t
WHERE days BETWEEN 1 AND 100 AND stays BETWEEN 1 AND 8;

-- title: in totals
-- dataset: hospital
SELECT insulin, CORR(num_medications, time_in_hospital) AS r
FROM encounters GROUP BY ROLLUP (insulin);

-- title: in an expression, HAVING and ORDER BY
-- dataset: hospital
SELECT age, 100 * REGR_R2(num_medications, time_in_hospital) AS percent FROM encounters
WHERE age NOT IN ('[0-10)', '[10-20)')
GROUP BY age HAVING CORR(num_medications, time_in_hospital) > 0.2
ORDER BY REGR_R2(num_medications, time_in_hospital) DESC;
