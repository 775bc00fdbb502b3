-- Views of the policy: `patients` (one row per patient) and `customers` (one per customer).

-- title: over owners
-- dataset: retail
SELECT AVG(lines) AS lines, COUNT(*) AS customers FROM customers;

-- title: by month of the first purchase
-- dataset: retail
SELECT date_trunc('month', since) AS month, COUNT(*) AS customers FROM customers GROUP BY 1;

-- title: with the dataset's name in front
-- dataset: hospital
SELECT stays, COUNT(*) AS patients FROM hospital.patients GROUP BY stays;

-- title: joined with the table on the owner
-- dataset: hospital
SELECT e.age, COUNT(*) AS stays, AVG(e.time_in_hospital) AS days
FROM encounters e JOIN patients p ON p.patient_nbr = e.patient_nbr
WHERE p.stays >= 3
GROUP BY e.age;

-- title: joined with itself
-- dataset: hospital
SELECT COUNT(*) AS patients FROM patients a JOIN patients b USING (patient_nbr) WHERE a.stays > 2 AND b.days > 20;

-- title: in a test
-- dataset: hospital
SELECT age, COUNT(*) AS stays FROM encounters
WHERE patient_nbr IN (SELECT patient_nbr FROM patients WHERE days > 30)
GROUP BY age;

-- title: in a common table expression of another name
-- dataset: retail
WITH often AS (SELECT * FROM customers c WHERE lines > 100)
SELECT COUNT(*) AS customers FROM often;

-- title: a common table expression of its name hides it
-- dataset: retail
WITH customers AS (SELECT customer_id, stock_code FROM lines WHERE country = 'France')
SELECT COUNT(*) AS lines FROM customers;

-- title: released first, as a constant
-- dataset: retail
SELECT COUNT(*) AS customers FROM customers WHERE lines > (SELECT AVG(lines) FROM customers);
