-- CASE makes groups and indicators. Its constants are a public domain.

-- title: bands by CASE
-- dataset: hospital
SELECT CASE WHEN time_in_hospital <= 3 THEN 'short' WHEN time_in_hospital <= 7 THEN 'medium'
            ELSE 'long' END AS stay,
       COUNT(*) AS n
FROM encounters GROUP BY 1;

-- title: CASE of a value
-- dataset: hospital
SELECT CASE gender WHEN 'Female' THEN 'F' WHEN 'Male' THEN 'M' END AS sex, COUNT(*) AS n
FROM encounters GROUP BY sex;

-- title: a private value against constants is public
-- dataset: hospital
SELECT CASE WHEN diag_1 LIKE '250%' THEN 'diabetes' WHEN diag_1 LIKE '4%' THEN 'other' ELSE 'rest' END
         AS diagnosis,
       COUNT(*) AS n, AVG(time_in_hospital) AS days
FROM encounters GROUP BY diagnosis;

-- title: CASE around a column
-- dataset: hospital
SELECT CASE WHEN race IS NULL THEN 'unknown' ELSE race END AS race, COUNT(*) AS n
FROM encounters GROUP BY CASE WHEN race IS NULL THEN 'unknown' ELSE race END;

-- title: several indicators
-- dataset: hospital
SELECT age,
       SUM(CASE WHEN readmitted = '<30' THEN 1 ELSE 0 END) AS soon,
       SUM(CASE WHEN readmitted = '>30' THEN 1 ELSE 0 END) AS later,
       COUNT(*) AS stays
FROM encounters GROUP BY age;

-- title: weights by CASE
-- dataset: hospital
SELECT SUM(CASE WHEN insulin = 'No' THEN 0 WHEN insulin = 'Steady' THEN 1 ELSE 2 END) AS score
FROM encounters;

-- title: CASE over the results
-- dataset: hospital
SELECT age, CASE WHEN COUNT(*) > 10000 THEN 'many' ELSE 'few' END AS size FROM encounters GROUP BY age;

-- title: ranges of a price
-- dataset: retail
SELECT CASE WHEN unit_price < 1 THEN 'under 1' WHEN unit_price < 5 THEN '1 to 5' ELSE '5 and more' END
         AS price,
       SUM(quantity) AS units
FROM lines GROUP BY price;
