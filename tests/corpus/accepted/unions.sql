-- UNION ALL of protected rows: each row stays its owner's.

-- title: all diagnoses of a stay in one column
-- dataset: hospital
SELECT d, COUNT(*) AS n FROM (
  SELECT diag_1 AS d FROM encounters UNION ALL SELECT diag_2 FROM encounters UNION ALL SELECT diag_3 FROM encounters
) AS every_diagnosis GROUP BY d;

-- title: different columns, with filters of their own
-- dataset: hospital
SELECT g, AVG(x) AS mean, COUNT(*) AS n FROM (
  SELECT gender AS g, time_in_hospital AS x FROM encounters WHERE age = '[0-10)'
  UNION ALL
  SELECT gender, num_procedures FROM encounters WHERE age = '[10-20)'
) AS parts GROUP BY g;

-- title: counting patients of both parts
-- dataset: hospital
SELECT COUNT(DISTINCT p) AS patients FROM (
  SELECT patient_nbr AS p FROM encounters WHERE readmitted = '<30'
  UNION ALL
  SELECT patient_nbr FROM encounters WHERE number_inpatient > 2
) AS either_one;

-- title: then per owner
-- dataset: hospital
SELECT s, COUNT(*) AS patients FROM (
  SELECT p, COUNT(*) AS s FROM (
    SELECT patient_nbr AS p FROM encounters UNION ALL SELECT patient_nbr FROM encounters WHERE gender = 'Male'
  ) AS twice GROUP BY p
) AS per_patient GROUP BY s;

-- title: types that fit one another
-- dataset: retail
SELECT SUM(x) AS total FROM (
  SELECT quantity AS x FROM lines WHERE quantity > 0 UNION ALL SELECT unit_price FROM lines WHERE unit_price < 5
) AS numbers;

-- title: the two diagnoses of a stay
-- dataset: hospital
SELECT COUNT(*) AS n FROM (
  SELECT patient_nbr, age FROM encounters WHERE diag_1 = '428'
  UNION ALL
  SELECT patient_nbr, age FROM encounters WHERE diag_2 = '428'
) t;
