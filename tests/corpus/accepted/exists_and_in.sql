-- Tests of a row against other rows of the same owner, or against public rows.

-- title: another row of the same patient
-- dataset: hospital
SELECT COUNT(*) AS stays
FROM encounters e
WHERE EXISTS (SELECT 1 FROM encounters o WHERE o.patient_nbr = e.patient_nbr AND o.diag_1 = '428');

-- title: none of the same patient
-- dataset: hospital
SELECT age, COUNT(DISTINCT patient_nbr) AS patients
FROM encounters e
WHERE NOT EXISTS (SELECT 1 FROM encounters o
                  WHERE o.patient_nbr = e.patient_nbr AND o.readmitted = '<30')
GROUP BY age;

-- title: the owner IN a list of owners
-- dataset: hospital
SELECT COUNT(*) AS stays FROM encounters
WHERE patient_nbr IN (SELECT patient_nbr FROM encounters WHERE insulin = 'Up');

-- title: the owner NOT IN a list of owners
-- dataset: hospital
SELECT COUNT(*) AS stays FROM encounters
WHERE patient_nbr NOT IN (SELECT patient_nbr FROM encounters WHERE insulin = 'Up');

-- title: IN owners with a condition on all their rows
-- dataset: hospital
SELECT COUNT(*) AS stays, AVG(time_in_hospital) AS days FROM encounters
WHERE patient_nbr IN (SELECT patient_nbr FROM encounters GROUP BY patient_nbr HAVING COUNT(*) > 3);

-- title: IN distinct owners
-- dataset: retail
SELECT COUNT(*) AS lines FROM lines
WHERE customer_id IN (SELECT DISTINCT customer_id FROM lines WHERE quantity < -100);

-- title: a value among the values of the same owner
-- dataset: retail
SELECT COUNT(*) AS lines FROM lines a
WHERE quantity > 0
  AND stock_code IN (SELECT stock_code FROM lines b
                     WHERE b.customer_id = a.customer_id AND b.quantity < 0);

-- title: a value that is none of the same owner's, NULLs as SQL counts them
-- dataset: hospital
SELECT COUNT(*) AS stays FROM encounters a
WHERE race NOT IN (SELECT race FROM encounters b
                   WHERE b.patient_nbr = a.patient_nbr AND b.diag_1 = '428');

-- title: public rows
-- dataset: hospital
SELECT COUNT(*) AS stays FROM encounters
WHERE admission_type_id IN (SELECT admission_type_id FROM admission_types
                            WHERE description LIKE 'E%');

-- title: public rows that belong to this one
-- dataset: hospital
SELECT COUNT(*) AS stays FROM encounters e
WHERE EXISTS (SELECT 1 FROM admission_types t
              WHERE t.admission_type_id = e.admission_type_id AND t.description = 'Emergency');

-- title: no public row
-- dataset: hospital
SELECT gender, COUNT(*) AS stays FROM encounters e
WHERE NOT EXISTS (SELECT 1 FROM admission_types t
                  WHERE t.admission_type_id = e.admission_type_id AND t.admission_type_id < 5)
GROUP BY gender;

-- title: one within the other
-- dataset: hospital
SELECT COUNT(*) AS stays FROM encounters a
WHERE EXISTS (SELECT 1 FROM encounters b
              WHERE b.patient_nbr = a.patient_nbr AND b.diag_1 = '428'
                AND NOT EXISTS (SELECT 1 FROM encounters c
                                WHERE c.patient_nbr = b.patient_nbr AND c.insulin = a.insulin
                                  AND c.readmitted = 'NO'));

-- title: an inner name hides the outer one
-- dataset: hospital
SELECT COUNT(*) AS stays FROM encounters age
WHERE EXISTS (SELECT 1 FROM encounters e
              WHERE e.patient_nbr = age.patient_nbr AND gender = 'Male' AND time_in_hospital = 14);

-- title: a test as a group
-- dataset: hospital
SELECT EXISTS (SELECT 1 FROM encounters o
               WHERE o.patient_nbr = e.patient_nbr AND o.readmitted = '<30') AS came_back,
       COUNT(*) AS stays
FROM encounters e GROUP BY 1;

-- title: a test within an aggregate
-- dataset: hospital
SELECT SUM(CASE WHEN patient_nbr IN (SELECT patient_nbr FROM encounters WHERE diag_1 = '428')
                THEN 1 ELSE 0 END) AS heart, COUNT(*) AS stays
FROM encounters;

-- title: IN of two columns, of which one is the owner
-- dataset: retail
SELECT COUNT(*) AS lines FROM lines
WHERE quantity > 0
  AND (customer_id, stock_code) IN (SELECT customer_id, stock_code FROM lines WHERE quantity < 0);

-- title: NOT IN of two columns
-- dataset: hospital
SELECT COUNT(*) AS stays FROM encounters
WHERE (patient_nbr, race) NOT IN (SELECT patient_nbr, race FROM encounters WHERE insulin = 'Up');

-- title: NOT IN, where NULL is not known
-- dataset: hospital
SELECT COUNT(*) AS stays FROM encounters a
WHERE race NOT IN (SELECT race FROM encounters b WHERE b.patient_nbr = a.patient_nbr AND b.time_in_hospital > 10);

-- title: more than all others of the owner
-- dataset: hospital
SELECT COUNT(*) AS stays FROM encounters a
WHERE time_in_hospital >= ALL (SELECT time_in_hospital FROM encounters b WHERE b.patient_nbr = a.patient_nbr);

-- title: less than some of the owner
-- dataset: hospital
SELECT age, COUNT(*) AS stays FROM encounters a
WHERE num_procedures < ANY (SELECT num_procedures FROM encounters b
                            WHERE b.patient_nbr = a.patient_nbr AND b.insulin = 'No')
GROUP BY age;

-- title: ANY and SOME are IN, ALL is NOT IN
-- dataset: hospital
SELECT COUNT(*) AS stays FROM encounters
WHERE admission_type_id = ANY (SELECT admission_type_id FROM admission_types WHERE description LIKE 'E%')
  AND patient_nbr = SOME (SELECT patient_nbr FROM encounters WHERE readmitted = '<30')
  AND patient_nbr <> ALL (SELECT patient_nbr FROM encounters WHERE insulin = 'Up');

-- title: ALL of a public table
-- dataset: hospital
SELECT COUNT(*) AS stays FROM encounters
WHERE admission_type_id < ALL (SELECT admission_type_id FROM admission_types WHERE description LIKE 'N%');
