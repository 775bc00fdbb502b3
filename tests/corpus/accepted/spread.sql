-- Variances and standard deviations: sum, sum of squares and count share one charge.

-- title: a standard deviation
-- dataset: hospital
SELECT STDDEV(time_in_hospital) AS spread FROM encounters;

-- title: per group
-- dataset: hospital
SELECT insulin, STDDEV_POP(num_medications) AS spread FROM encounters GROUP BY insulin;

-- title: variances of sample and population
-- dataset: hospital
SELECT VARIANCE(num_lab_procedures) AS a, VAR_SAMP(num_lab_procedures) AS b,
       VAR_POP(num_lab_procedures) AS c
FROM encounters;

-- title: with the average beside it
-- dataset: hospital
SELECT readmitted, COUNT(*) AS n, AVG(time_in_hospital) AS days, STDDEV_SAMP(time_in_hospital) AS spread
FROM encounters GROUP BY readmitted;

-- title: of part of the rows
-- dataset: hospital
SELECT STDDEV(time_in_hospital) FILTER (WHERE gender = 'Female') AS women FROM encounters;

-- title: of an expression
-- dataset: hospital
SELECT VAR_POP(num_lab_procedures - 2 * num_procedures) AS spread FROM encounters;

-- title: of prices in pence
-- dataset: retail
SELECT STDDEV_POP(unit_price) AS spread FROM lines WHERE quantity > 0;

-- title: of totals per owner
-- dataset: hospital
SELECT STDDEV_POP(days) AS spread
FROM (SELECT patient_nbr, SUM(time_in_hospital) AS days FROM encounters GROUP BY patient_nbr) t
WHERE days BETWEEN 1 AND 100;

-- title: the noise in two averages
-- dataset: hospital
SELECT AVG(time_in_hospital) AS days,
       STDDEV(time_in_hospital) / SQRT(COUNT(*)) AS standard_error
FROM encounters;
