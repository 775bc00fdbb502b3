-- A number that comes from other owners' rows is released first; what reads it, reads noise.

-- title: rows above the average of all
-- dataset: hospital
SELECT COUNT(*) AS long_stays FROM encounters
WHERE time_in_hospital > (SELECT AVG(time_in_hospital) FROM encounters);

-- title: above twice the average, by group
-- dataset: retail
SELECT country, COUNT(*) AS lines FROM lines
WHERE quantity > (SELECT 2 * AVG(quantity) FROM lines WHERE quantity > 0)
  AND country IN ('France', 'Germany', 'United Kingdom')
GROUP BY country;

-- title: above the average of its own group
-- dataset: hospital
SELECT COUNT(*) AS long_stays FROM encounters a
WHERE time_in_hospital > (SELECT AVG(time_in_hospital) FROM encounters b WHERE b.age = a.age);

-- title: tied to the row by two columns
-- dataset: hospital
SELECT gender, COUNT(*) AS n FROM encounters a
WHERE num_medications > (SELECT AVG(num_medications) FROM encounters b
                         WHERE b.age = a.age AND a.gender = b.gender AND b.insulin = 'No')
  AND gender IN ('Female', 'Male')
GROUP BY gender;

-- title: a constant out of a public table
-- dataset: hospital
SELECT COUNT(*) AS stays FROM encounters
WHERE admission_type_id = (SELECT MIN(admission_type_id) FROM admission_types
                           WHERE description = 'Elective');

-- title: owners against the average owner
-- dataset: retail
WITH per_customer AS (SELECT customer_id, COUNT(*) AS n FROM lines GROUP BY customer_id)
SELECT COUNT(*) AS customers FROM per_customer WHERE n > (SELECT AVG(n) FROM per_customer);

-- title: a share of the total
-- dataset: hospital
SELECT age, 1.0 * COUNT(*) / (SELECT COUNT(*) FROM encounters) AS share
FROM encounters GROUP BY age;

-- title: groups above the average group
-- dataset: hospital
SELECT age, COUNT(*) AS n FROM encounters GROUP BY age
HAVING COUNT(*) > (SELECT COUNT(*) / 10 FROM encounters);

-- title: two constants, one inside the other
-- dataset: hospital
SELECT COUNT(*) AS stays FROM encounters
WHERE num_medications > (SELECT AVG(num_medications) FROM encounters
                         WHERE time_in_hospital > (SELECT AVG(time_in_hospital) FROM encounters));

-- title: the answer of one in the condition of another
-- dataset: hospital
SELECT SUM(CASE WHEN time_in_hospital > (SELECT AVG(time_in_hospital) FROM encounters)
                THEN 1 ELSE 0 END) AS above, COUNT(*) AS stays
FROM encounters;

-- title: a count looked up for each row of a result
-- dataset: hospital
SELECT age, n, (SELECT COUNT(*) FROM encounters e WHERE e.age = t.age AND gender = 'Male') AS men
FROM (SELECT age, COUNT(*) AS n FROM encounters GROUP BY age) t;

-- title: a count looked up for each row of a public table
-- dataset: hospital
SELECT description,
       (SELECT COUNT(*) FROM encounters e WHERE e.admission_type_id = t.admission_type_id) AS stays
FROM admission_types t;

-- title: an average looked up, in an expression
-- dataset: hospital
SELECT age, 1 + (SELECT AVG(time_in_hospital) FROM encounters e WHERE e.age = t.age) AS days
FROM (SELECT DISTINCT age FROM encounters) t;

-- title: a count looked up for some rows of a public table
-- dataset: hospital
SELECT description,
       (SELECT COUNT(*) FROM encounters e WHERE e.admission_type_id = t.admission_type_id) AS stays
FROM admission_types t WHERE t.admission_type_id < 4 AND description <> 'Urgent';

-- title: above the average of groups that a public table picks
-- dataset: hospital
SELECT COUNT(*) AS long_stays
FROM encounters a JOIN admission_types t ON t.admission_type_id = a.admission_type_id
WHERE t.description IN ('Elective', 'Urgent') AND a.gender = 'Female'
  AND a.time_in_hospital > (SELECT AVG(b.time_in_hospital) FROM encounters b
                            WHERE b.admission_type_id = t.admission_type_id);

-- title: a sum looked up where another public table picks the rows
-- dataset: hospital
SELECT description,
       (SELECT SUM(num_medications) FROM encounters e
        WHERE e.discharge_disposition_id = d.discharge_disposition_id) AS medications
FROM discharge_dispositions d
WHERE d.discharge_disposition_id IN (SELECT admission_type_id FROM admission_types
                                     WHERE description LIKE 'E%');

-- title: a look-up that decides what is joined
-- dataset: hospital
SELECT t.admission_type_id, d.discharge_disposition_id AS way
FROM admission_types t LEFT JOIN discharge_dispositions d
  ON d.discharge_disposition_id = t.admission_type_id
  AND 500 < (SELECT COUNT(*) FROM encounters e
             WHERE e.discharge_disposition_id = d.discharge_disposition_id)
WHERE d.discharge_disposition_id IS NULL OR d.discharge_disposition_id < 3;
