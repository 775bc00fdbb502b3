-- Protected tables joined on their owner: every pair of rows is one patient's or one customer's.

-- title: a table with itself on the owner
-- dataset: hospital
SELECT COUNT(*) AS pairs
FROM encounters a JOIN encounters b ON a.patient_nbr = b.patient_nbr
WHERE a.readmitted = '<30' AND b.readmitted = '<30';

-- title: a comma and the condition in WHERE
-- dataset: hospital
SELECT a.age, COUNT(*) AS pairs
FROM encounters a, encounters b
WHERE a.patient_nbr = b.patient_nbr AND a.insulin = 'Up' AND b.insulin = 'Down'
GROUP BY a.age;

-- title: USING the owner
-- dataset: hospital
SELECT COUNT(*) AS pairs FROM encounters a JOIN encounters b USING (patient_nbr)
WHERE a.diag_1 = '428' AND b.diag_1 = '250';

-- title: NATURAL, on every column
-- dataset: retail
SELECT COUNT(*) AS pairs
FROM lines NATURAL JOIN (SELECT customer_id, stock_code FROM lines WHERE quantity < -50) returned;

-- title: the owner and more
-- dataset: retail
SELECT SUM(b.quantity) AS returned
FROM lines a JOIN lines b
  ON a.customer_id = b.customer_id AND a.stock_code = b.stock_code AND b.quantity < 0
WHERE a.quantity > 200;

-- title: the equality beside an OR
-- dataset: hospital
SELECT COUNT(*) AS pairs
FROM encounters a JOIN encounters b
  ON a.patient_nbr = b.patient_nbr AND (a.readmitted = '<30' OR b.readmitted = '>30')
WHERE a.diag_1 = '428';

-- title: rows that find no partner stay
-- dataset: retail
SELECT COUNT(*) AS rows, COUNT(b.quantity) AS returned
FROM lines a LEFT JOIN (SELECT customer_id, stock_code, quantity FROM lines WHERE quantity < -20) b
  ON a.customer_id = b.customer_id AND a.stock_code = b.stock_code;

-- title: those without a partner
-- dataset: retail
SELECT COUNT(*) AS kept
FROM lines a LEFT JOIN (SELECT customer_id, stock_code, quantity FROM lines WHERE quantity < 0) b
  ON a.customer_id = b.customer_id AND a.stock_code = b.stock_code
WHERE b.customer_id IS NULL AND a.quantity > 0;

-- title: grouped by what the optional side computes
-- dataset: retail
SELECT b.direction, COUNT(*) AS n
FROM lines a
LEFT JOIN (SELECT customer_id, stock_code, CASE WHEN quantity < -20 THEN 'many' ELSE 'few' END AS direction
           FROM lines WHERE quantity < 0) b
  ON a.customer_id = b.customer_id AND a.stock_code = b.stock_code
GROUP BY b.direction;

-- title: grouped by a fact of the owner that some rows do not find
-- dataset: retail
SELECT c.often, COUNT(DISTINCT a.customer_id) AS customers, COUNT(*) AS lines
FROM lines a
LEFT JOIN (SELECT customer_id, COUNT(*) > 50 AS often FROM lines GROUP BY customer_id) c
  ON a.customer_id = c.customer_id AND a.quantity > 5
GROUP BY c.often;

-- title: RIGHT JOIN keeps the right side
-- dataset: hospital
SELECT b.age, COUNT(*) AS n, COUNT(a.insulin) AS paired
FROM (SELECT patient_nbr, insulin FROM encounters WHERE diag_1 = '428') a
RIGHT JOIN encounters b ON a.patient_nbr = b.patient_nbr
GROUP BY b.age;

-- title: the column that USING makes of two is the kept side's
-- dataset: hospital
SELECT COUNT(*) AS n
FROM (SELECT admission_type_id FROM admission_types WHERE admission_type_id <> 6) t
RIGHT JOIN encounters e USING (admission_type_id)
WHERE admission_type_id = 6;

-- title: three at once, each joined to the one before
-- dataset: hospital
SELECT COUNT(*) AS n
FROM encounters a
JOIN encounters b ON a.patient_nbr = b.patient_nbr
JOIN encounters c ON c.patient_nbr = b.patient_nbr
WHERE a.diag_1 = '428' AND b.diag_1 = '427' AND c.diag_1 = '250';

-- title: WHERE stays behind a later RIGHT JOIN
-- dataset: hospital
SELECT COUNT(*) AS n
FROM encounters a
JOIN encounters b ON a.patient_nbr = b.patient_nbr AND a.diag_1 = '428'
RIGHT JOIN encounters c ON c.patient_nbr = b.patient_nbr AND c.insulin = b.insulin
WHERE a.insulin = b.insulin;

-- title: a common table expression read twice is joined like any other
-- dataset: hospital
WITH heart AS (SELECT patient_nbr, time_in_hospital, insulin FROM encounters WHERE diag_1 = '428')
SELECT AVG(a.time_in_hospital) AS days
FROM heart a JOIN heart b ON a.patient_nbr = b.patient_nbr AND a.insulin <> b.insulin;

-- title: a public table between the two
-- dataset: hospital
SELECT t.description, COUNT(*) AS pairs
FROM encounters a
JOIN admission_types t ON t.admission_type_id = a.admission_type_id
JOIN encounters b ON b.patient_nbr = a.patient_nbr AND b.admission_type_id = t.admission_type_id
WHERE a.diag_1 = '428'
GROUP BY t.description;

-- title: a public subquery that is called like its table
-- dataset: hospital
WITH admission_types AS (SELECT admission_type_id FROM admission_types WHERE admission_type_id < 4)
SELECT admission_type_id, COUNT(*) AS n
FROM encounters JOIN admission_types USING (admission_type_id)
GROUP BY admission_type_id;

-- title: a third table joined to the optional side
-- dataset: hospital
SELECT a.age, COUNT(*) AS n, COUNT(c.diag_1) AS followed
FROM (SELECT patient_nbr, age FROM encounters WHERE diag_1 = '428') a
LEFT JOIN (SELECT patient_nbr, insulin FROM encounters WHERE diag_1 = '427') b ON b.patient_nbr = a.patient_nbr
LEFT JOIN (SELECT patient_nbr, diag_1 FROM encounters WHERE diag_1 = '250') c ON c.patient_nbr = b.patient_nbr
GROUP BY a.age;

-- title: grouped by whether there is a partner
-- dataset: retail
SELECT CASE WHEN b.customer_id IS NULL THEN 'no' ELSE 'yes' END AS returned, COUNT(*) AS lines
FROM lines a LEFT JOIN (SELECT customer_id, stock_code FROM lines WHERE quantity < -20) b
  ON a.customer_id = b.customer_id AND a.stock_code = b.stock_code
GROUP BY 1;

-- title: a join with the optional side leaves out the rows without it
-- dataset: retail
SELECT COUNT(*) AS n
FROM (SELECT customer_id, stock_code FROM lines WHERE country = 'France') a
LEFT JOIN (SELECT customer_id, stock_code FROM lines WHERE quantity < 0) b
  ON a.customer_id = b.customer_id AND a.stock_code = b.stock_code
JOIN (SELECT customer_id FROM lines WHERE quantity > 200) c ON c.customer_id = b.customer_id;

-- title: FULL JOIN, with what is on one side alone
-- dataset: retail
SELECT COUNT(*) AS rows, COUNT(a.quantity) AS bought, COUNT(b.quantity) AS returned
FROM (SELECT customer_id, stock_code, quantity FROM lines WHERE quantity > 20) a
FULL JOIN (SELECT customer_id, stock_code, quantity FROM lines WHERE quantity < 0) b
  ON a.customer_id = b.customer_id AND a.stock_code = b.stock_code;

-- title: FULL JOIN of groups per owner
-- dataset: retail
SELECT COUNT(*) AS customers, AVG(COALESCE(a.n, 0)) AS early, AVG(COALESCE(b.n, 0)) AS late
FROM (SELECT customer_id, COUNT(*) AS n FROM lines WHERE invoice_at < '2011-06-01' GROUP BY customer_id) a
FULL OUTER JOIN
     (SELECT customer_id, COUNT(*) AS n FROM lines WHERE invoice_at >= '2011-06-01' GROUP BY customer_id) b
  ON a.customer_id = b.customer_id;

-- title: conditions after a FULL JOIN see its NULLs
-- dataset: hospital
SELECT COALESCE(a.age, b.age) AS age, COUNT(*) AS n
FROM (SELECT * FROM encounters WHERE diag_1 = '428') a
FULL JOIN (SELECT * FROM encounters WHERE diag_1 = '250') b ON a.patient_nbr = b.patient_nbr
WHERE a.patient_nbr IS NULL OR b.patient_nbr IS NULL
GROUP BY 1;

-- title: a table joined to a FULL JOIN
-- dataset: hospital
SELECT t.description, COUNT(*) AS n
FROM (SELECT * FROM encounters WHERE diag_1 = '428') a
FULL JOIN (SELECT * FROM encounters WHERE diag_1 = '250') b
  ON a.patient_nbr = b.patient_nbr AND a.age = b.age
JOIN admission_types t ON t.admission_type_id = COALESCE(a.admission_type_id, b.admission_type_id)
GROUP BY t.description;
