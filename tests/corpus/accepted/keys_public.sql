-- Keys whose values the policy declares: every group is reported, also an empty one, without a
-- threshold and without delta.

-- title: a declared domain
-- dataset: hospital
SELECT age, COUNT(*) AS n FROM encounters GROUP BY age;

-- title: a domain with NULL
-- dataset: hospital
SELECT race, COUNT(*) AS n FROM encounters GROUP BY race;

-- title: two domains give every combination
-- dataset: hospital
SELECT gender, readmitted, COUNT(*) AS n FROM encounters GROUP BY gender, readmitted;

-- title: by position
-- dataset: hospital
SELECT gender, age, COUNT(*) FROM encounters GROUP BY 1, 2;

-- title: by the alias of an expression
-- dataset: hospital
SELECT upper(gender) AS sex, COUNT(*) AS n FROM encounters GROUP BY sex;

-- title: whole numbers between bounds
-- dataset: hospital
SELECT time_in_hospital AS days, COUNT(*) AS n FROM encounters GROUP BY days;

-- title: WHERE narrows the groups
-- dataset: hospital
SELECT time_in_hospital, COUNT(*) AS n FROM encounters
WHERE time_in_hospital BETWEEN 2 AND 4 GROUP BY time_in_hospital;

-- title: WHERE with a list narrows the groups
-- dataset: hospital
SELECT age, SUM(num_procedures) AS procedures FROM encounters
WHERE age IN ('[80-90)', '[90-100)') GROUP BY age;

-- title: a text whose values WHERE lists is public
-- dataset: hospital
SELECT medical_specialty, COUNT(*) AS n FROM encounters
WHERE medical_specialty IN ('Cardiology', 'InternalMedicine', 'Surgery-General')
GROUP BY medical_specialty;

-- title: ranges of a number
-- dataset: hospital
SELECT width_bucket(num_medications, 0, 80, 8) AS band, COUNT(*) AS n FROM encounters GROUP BY band;

-- title: ranges by division
-- dataset: hospital
SELECT num_lab_procedures / 10 AS tens, COUNT(*) AS n FROM encounters GROUP BY tens;

-- title: ranges by rounding
-- dataset: hospital
SELECT floor(num_medications / 5.0) AS fives, COUNT(*) AS n FROM encounters GROUP BY fives;

-- title: whether something holds
-- dataset: hospital
SELECT num_medications > 20 AS many, COUNT(*) AS n FROM encounters GROUP BY many;

-- title: whether a private value is one of a list
-- dataset: hospital
SELECT diag_1 LIKE '250%' AS diabetes, COUNT(*) AS n FROM encounters GROUP BY diabetes;

-- title: a referenced public column
-- dataset: hospital
SELECT admission_type_id, COUNT(*) AS n FROM encounters GROUP BY admission_type_id;

-- title: the values of a public domain alone are free
-- dataset: hospital
SELECT DISTINCT age FROM encounters;

-- title: combinations of public domains alone are free
-- dataset: hospital
SELECT gender, readmitted FROM encounters GROUP BY gender, readmitted;

-- title: countries
-- dataset: retail
SELECT country, COUNT(*) AS lines, SUM(quantity) AS units FROM lines GROUP BY country;

-- title: a key that is used in an expression of the answer
-- dataset: hospital
SELECT 'aged ' || age AS who, COUNT(*) * 2 AS twice FROM encounters GROUP BY age;

-- title: the sign of a number
-- dataset: retail
SELECT sign(quantity) AS direction, COUNT(*) AS n FROM lines GROUP BY sign(quantity);
