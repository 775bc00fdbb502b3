-- One row per patient or customer first, then aggregates over those. Nothing is released between.

-- title: the average per customer
-- dataset: retail
SELECT AVG(n) AS lines_per_customer
FROM (SELECT customer_id, COUNT(*) AS n FROM lines GROUP BY customer_id) t;

-- title: the distribution of a count
-- dataset: hospital
SELECT stays, COUNT(*) AS patients
FROM (SELECT patient_nbr, COUNT(*) AS stays FROM encounters GROUP BY patient_nbr) t
WHERE stays <= 5
GROUP BY stays;

-- title: the share with at least two
-- dataset: hospital
SELECT 100.0 * SUM(CASE WHEN stays >= 2 THEN 1 ELSE 0 END) / COUNT(*) AS percent
FROM (SELECT patient_nbr, COUNT(*) AS stays FROM encounters GROUP BY patient_nbr) t;

-- title: owners by a condition on their rows
-- dataset: hospital
SELECT COUNT(*) AS patients
FROM (SELECT patient_nbr FROM encounters GROUP BY patient_nbr
      HAVING COUNT(*) > 2 AND SUM(time_in_hospital) > 20) t;

-- title: a common table expression per owner
-- dataset: retail
WITH spending AS (
  SELECT customer_id, SUM(quantity * unit_price) AS pounds, COUNT(DISTINCT stock_code) AS products
  FROM lines GROUP BY customer_id)
SELECT COUNT(*) AS customers, AVG(products) AS products FROM spending WHERE pounds > 1000;

-- title: the owner and a further key
-- dataset: retail
SELECT country, AVG(n) AS lines
FROM (SELECT customer_id, country, COUNT(*) AS n FROM lines GROUP BY customer_id, country) t
WHERE country IN ('France', 'Germany', 'United Kingdom')
GROUP BY country;

-- title: per owner and month, then by month
-- dataset: retail
SELECT month, COUNT(*) AS customers, AVG(units) AS units
FROM (SELECT customer_id, date_trunc('month', invoice_at) AS month, SUM(quantity) AS units
      FROM lines GROUP BY customer_id, date_trunc('month', invoice_at)) t
GROUP BY month;

-- title: the first purchase
-- dataset: retail
SELECT date_trunc('month', first) AS month, COUNT(*) AS customers
FROM (SELECT customer_id, MIN(invoice_at) AS first FROM lines GROUP BY customer_id) t
GROUP BY 1;

-- title: least and greatest values
-- dataset: hospital
SELECT AVG(longest - shortest) AS spread
FROM (SELECT patient_nbr, MAX(time_in_hospital) AS longest, MIN(time_in_hospital) AS shortest
      FROM encounters GROUP BY patient_nbr) t
WHERE longest > shortest;

-- title: an average of averages
-- dataset: hospital
SELECT AVG(days) AS days
FROM (SELECT patient_nbr, AVG(time_in_hospital) AS days FROM encounters GROUP BY patient_nbr) t;

-- title: the dearest product of each customer
-- dataset: retail
SELECT AVG(dearest) AS dearest
FROM (SELECT customer_id, MAX(unit_price) AS dearest FROM lines GROUP BY customer_id) t;

-- title: a condition within an aggregate
-- dataset: hospital
SELECT COUNT(*) AS patients
FROM (SELECT patient_nbr, COUNT(*) FILTER (WHERE readmitted = '<30') AS soon, COUNT(*) AS stays
      FROM encounters GROUP BY patient_nbr) t
WHERE soon = stays;

-- title: distinct rows with the owner
-- dataset: hospital
SELECT diag_1, COUNT(*) AS patients
FROM (SELECT DISTINCT patient_nbr, diag_1 FROM encounters WHERE diag_1 IN ('250', '427', '428')) t
GROUP BY diag_1;

-- title: rows beside their owner's total
-- dataset: hospital
SELECT e.age, AVG(e.time_in_hospital) AS days
FROM encounters e
JOIN (SELECT patient_nbr, COUNT(*) AS stays FROM encounters GROUP BY patient_nbr) t
  ON t.patient_nbr = e.patient_nbr
WHERE t.stays >= 3
GROUP BY e.age;

-- title: twice grouped
-- dataset: retail
SELECT AVG(busy) AS months
FROM (SELECT customer_id, COUNT(*) AS busy
      FROM (SELECT customer_id, date_trunc('month', invoice_at) AS month, COUNT(*) AS n
            FROM lines GROUP BY customer_id, date_trunc('month', invoice_at)) monthly
      WHERE n >= 10
      GROUP BY customer_id) t;

-- title: an inner name that hides a column
-- dataset: hospital
SELECT time_in_hospital, COUNT(*) AS patients
FROM (SELECT patient_nbr, COUNT(*) AS time_in_hospital FROM encounters GROUP BY patient_nbr) t
WHERE time_in_hospital BETWEEN 1 AND 3
GROUP BY time_in_hospital;

-- title: a part of a key that was computed
-- dataset: retail
SELECT month, COUNT(*) AS customers
FROM (SELECT customer_id, extract(month FROM date_trunc('month', invoice_at)) AS month
      FROM lines GROUP BY customer_id, date_trunc('month', invoice_at)) t
GROUP BY month;
