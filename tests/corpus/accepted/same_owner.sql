-- A scalar subquery tied to the row's own owner: one number for each row, from rows of the same owner.

-- title: above the owner's own average
-- dataset: hospital
SELECT COUNT(*) AS long_stays FROM encounters a
WHERE time_in_hospital > (SELECT AVG(time_in_hospital) FROM encounters b WHERE b.patient_nbr = a.patient_nbr);

-- title: a count is 0 where there is no row
-- dataset: hospital
SELECT COUNT(*) AS stays FROM encounters a
WHERE (SELECT COUNT(*) FROM encounters b
       WHERE b.patient_nbr = a.patient_nbr AND b.readmitted = '<30') = 0;

-- title: tied by more than the owner
-- dataset: retail
SELECT country, COUNT(*) AS lines FROM lines a
WHERE quantity > 2 * (SELECT AVG(quantity) FROM lines b
                      WHERE b.customer_id = a.customer_id AND b.stock_code = a.stock_code AND b.invoice_at < a.invoice_at)
GROUP BY country;

-- title: in the SELECT list of a subquery
-- dataset: hospital
SELECT AVG(more) AS more
FROM (SELECT time_in_hospital - (SELECT MIN(time_in_hospital) FROM encounters b
                                 WHERE b.patient_nbr = a.patient_nbr) AS more
      FROM encounters a) t;

-- title: arithmetic, COALESCE and FILTER around it
-- dataset: retail
SELECT COUNT(*) AS lines
FROM (SELECT quantity, (SELECT COALESCE(-SUM(quantity) FILTER (WHERE quantity < 0), 0) FROM lines b
                        WHERE b.customer_id = a.customer_id AND b.stock_code = a.stock_code) AS returned
      FROM lines a WHERE quantity > 0) t
WHERE returned > quantity;

-- title: how long since the purchase before
-- dataset: retail
SELECT COUNT(*) AS lines
FROM (SELECT invoice_at, (SELECT MAX(invoice_at) FROM lines b
                          WHERE b.customer_id = a.customer_id AND b.invoice_at < a.invoice_at) AS earlier
      FROM lines a WHERE stock_code = '85123A') t
WHERE EXTRACT(EPOCH FROM invoice_at - earlier) > 90 * 86400;

-- title: grouped by the number
-- dataset: hospital
SELECT others, COUNT(*) AS stays
FROM (SELECT (SELECT COUNT(*) FROM encounters b
              WHERE b.patient_nbr = a.patient_nbr AND b.time_in_hospital > a.time_in_hospital) AS others
      FROM encounters a) t
GROUP BY others;

-- title: over groups of the owner
-- dataset: hospital
WITH patients AS (SELECT patient_nbr, COUNT(*) AS stays FROM encounters GROUP BY patient_nbr)
SELECT COUNT(*) AS patients FROM patients p
WHERE (SELECT SUM(num_procedures) FROM encounters e WHERE e.patient_nbr = p.patient_nbr) > 3 * p.stays;

-- title: two beside one another
-- dataset: hospital
SELECT COUNT(*) AS stays FROM encounters a
WHERE num_medications > (SELECT AVG(num_medications) FROM encounters b WHERE b.patient_nbr = a.patient_nbr)
  AND num_procedures >= (SELECT MAX(num_procedures) FROM encounters c WHERE a.patient_nbr = c.patient_nbr);

-- title: one within another
-- dataset: hospital
SELECT COUNT(*) AS stays FROM encounters a
WHERE num_medications > (SELECT AVG(num_medications) FROM encounters b
                         WHERE b.patient_nbr = a.patient_nbr
                           AND b.num_procedures > (SELECT MIN(num_procedures) FROM encounters c
                                                   WHERE c.patient_nbr = b.patient_nbr));

-- title: a parameter inside
-- dataset: hospital
-- parameters: [2]
SELECT COUNT(*) AS stays FROM encounters a
WHERE (SELECT COUNT(*) * $1 FROM encounters b WHERE b.patient_nbr = a.patient_nbr AND b.insulin = 'Up') > 3;

-- title: joined with a public table inside
-- dataset: hospital
SELECT age, COUNT(*) AS stays FROM encounters a
WHERE (SELECT COUNT(DISTINCT t.description) FROM encounters b JOIN admission_types t USING (admission_type_id)
       WHERE b.patient_nbr = a.patient_nbr AND t.description IS NOT NULL) >= 2
GROUP BY age;

-- title: in an aggregate
-- dataset: hospital
SELECT AVG(CASE WHEN time_in_hospital = (SELECT MAX(time_in_hospital) FROM encounters b
                                         WHERE b.patient_nbr = a.patient_nbr) THEN 1 ELSE 0 END) AS share
FROM encounters a;

-- title: a test in arithmetic
-- dataset: hospital
SELECT SUM(days) AS days
FROM (SELECT time_in_hospital * CASE WHEN EXISTS (SELECT 1 FROM encounters b
                                                  WHERE b.patient_nbr = a.patient_nbr AND b.insulin = 'Up')
                                     THEN 1 ELSE 0 END AS days
      FROM encounters a) t;

-- title: a window beside a subquery, and a subquery inside a window
-- dataset: hospital
SELECT COUNT(*) AS stays
FROM (SELECT SUM(num_procedures - (SELECT MIN(num_procedures) FROM encounters b WHERE b.patient_nbr = a.patient_nbr))
               OVER (PARTITION BY patient_nbr) AS more
      FROM encounters a) t
WHERE more > 4;

-- title: per owner, of the difference to the owner's own
-- dataset: retail
SELECT AVG(more) AS more
FROM (SELECT customer_id, SUM(quantity - (SELECT MAX(quantity) FROM lines b WHERE b.customer_id = a.customer_id)) AS more
      FROM lines a WHERE country = 'France' GROUP BY customer_id) t
WHERE more BETWEEN -10000 AND 0;
