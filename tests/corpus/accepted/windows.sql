-- Windows below a release: PARTITION BY that includes the owner. Ties in ORDER BY are broken by a key.

-- title: the first purchase of each customer, by month
-- dataset: retail
SELECT date_trunc('month', invoice_at) AS month, COUNT(*) AS customers
FROM (SELECT invoice_at, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY invoice_at) AS place
      FROM lines) t
WHERE place = 1
GROUP BY 1;

-- title: QUALIFY keeps the first row of each owner
-- dataset: retail
SELECT country, COUNT(*) AS customers
FROM (SELECT customer_id, country FROM lines
      QUALIFY ROW_NUMBER() OVER (PARTITION BY customer_id, country ORDER BY invoice_at DESC) = 1) t
GROUP BY country;

-- title: QUALIFY on an alias
-- dataset: retail
SELECT AVG(spent) AS spent
FROM (SELECT SUM(quantity * unit_price) OVER (PARTITION BY customer_id) AS spent,
             ROW_NUMBER() OVER (PARTITION BY customer_id) AS place
      FROM lines QUALIFY place = 1) t;

-- title: how many stays a patient has, each numbered
-- dataset: hospital
SELECT place, COUNT(*) AS stays
FROM (SELECT ROW_NUMBER() OVER (PARTITION BY patient_nbr) AS place FROM encounters) t
GROUP BY place;

-- title: days between purchases
-- dataset: retail
SELECT AVG(CAST(invoice_at AS date) - CAST(earlier AS date)) AS days
FROM (SELECT invoice_at, LAG(invoice_at) OVER (PARTITION BY customer_id ORDER BY invoice_at) AS earlier
      FROM lines) t
WHERE invoice_at > earlier;

-- title: the difference is taken beside the window
-- dataset: retail
SELECT COUNT(*) AS lines
FROM (SELECT EXTRACT(EPOCH FROM invoice_at - LAG(invoice_at) OVER w) AS seconds
      FROM lines WINDOW w AS (PARTITION BY customer_id ORDER BY invoice_at)) t
WHERE seconds > 30 * 86400;

-- title: LEAD with a distance and a default
-- dataset: hospital
SELECT SUM(later) AS days
FROM (SELECT LEAD(time_in_hospital, 2, 0) OVER (PARTITION BY patient_nbr ORDER BY time_in_hospital) AS later
      FROM encounters) t;

-- title: sessions, which end where 30 days pass
-- dataset: retail
WITH marked AS (
  SELECT customer_id, invoice_at,
         CASE WHEN EXTRACT(EPOCH FROM invoice_at - LAG(invoice_at) OVER (PARTITION BY customer_id ORDER BY invoice_at))
                   <= 30 * 86400 THEN 0 ELSE 1 END AS starts
  FROM lines),
sessions AS (
  SELECT customer_id, SUM(starts) OVER (PARTITION BY customer_id ORDER BY invoice_at) AS session FROM marked)
SELECT sessions, COUNT(*) AS customers
FROM (SELECT customer_id, MAX(session) AS sessions FROM sessions GROUP BY customer_id) t
WHERE sessions <= 12
GROUP BY sessions;

-- title: a running total
-- dataset: retail
SELECT COUNT(*) AS lines
FROM (SELECT SUM(quantity) OVER (PARTITION BY customer_id ORDER BY invoice_at) AS running FROM lines) t
WHERE running > 1000;

-- title: totals, counts and averages over the whole of an owner
-- dataset: hospital
SELECT stays, COUNT(*) AS n, COUNT(*) FILTER (WHERE time_in_hospital > days) AS long
FROM (SELECT time_in_hospital, COUNT(*) OVER (PARTITION BY patient_nbr) AS stays,
             AVG(time_in_hospital) OVER (PARTITION BY patient_nbr) AS days
      FROM encounters) t
GROUP BY stays;

-- title: the least and the most of an owner beside each row
-- dataset: hospital
SELECT COUNT(*) AS longest
FROM (SELECT time_in_hospital, MAX(time_in_hospital) OVER (PARTITION BY patient_nbr) AS most,
             MIN(time_in_hospital) OVER (PARTITION BY patient_nbr) AS least
      FROM encounters) t
WHERE time_in_hospital = most AND most > least;

-- title: FILTER in a window
-- dataset: hospital
SELECT COUNT(*) AS stays
FROM (SELECT COUNT(*) FILTER (WHERE readmitted = '<30') OVER (PARTITION BY patient_nbr) AS early
      FROM encounters) t
WHERE early >= 2;

-- title: ranks, with ties
-- dataset: hospital
SELECT place, dense, COUNT(*) AS n
FROM (SELECT RANK() OVER w AS place, DENSE_RANK() OVER w AS dense
      FROM encounters WINDOW w AS (PARTITION BY patient_nbr ORDER BY time_in_hospital DESC)) t
WHERE place <= 4
GROUP BY place, dense;

-- title: shares of a rank
-- dataset: hospital
SELECT AVG(share) AS share, AVG(below) AS below
FROM (SELECT CUME_DIST() OVER w AS share, PERCENT_RANK() OVER w AS below
      FROM encounters WINDOW w AS (PARTITION BY patient_nbr ORDER BY num_medications)) t;

-- title: quarters of an owner's rows
-- dataset: hospital
SELECT quarter, COUNT(*) AS stays
FROM (SELECT NTILE(4) OVER (PARTITION BY patient_nbr ORDER BY num_medications) AS quarter FROM encounters) t
GROUP BY quarter;

-- title: first and last values
-- dataset: hospital
SELECT AVG(least) AS least, AVG(most) AS most, AVG(second) AS second
FROM (SELECT FIRST_VALUE(num_medications) OVER (PARTITION BY patient_nbr ORDER BY num_medications) AS least,
             LAST_VALUE(num_medications) OVER (PARTITION BY patient_nbr ORDER BY num_medications
               ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS most,
             NTH_VALUE(num_medications, 2) OVER (PARTITION BY patient_nbr ORDER BY num_medications
               RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS second
      FROM encounters) t
WHERE second IS NOT NULL;

-- title: grouped by what the owner's first row says
-- dataset: retail
SELECT date_trunc('month', since) AS cohort, COUNT(DISTINCT customer_id) AS customers, SUM(quantity) AS units
FROM (SELECT customer_id, quantity,
             FIRST_VALUE(invoice_at) OVER (PARTITION BY customer_id ORDER BY invoice_at) AS since
      FROM lines) t
GROUP BY 1;

-- title: the last 30 days before each row
-- dataset: retail
SELECT AVG(units) AS units
FROM (SELECT SUM(quantity) OVER (PARTITION BY customer_id ORDER BY invoice_at
               RANGE BETWEEN INTERVAL '30 days' PRECEDING AND CURRENT ROW) AS units
      FROM lines) t;

-- title: rows of equal value, by GROUPS
-- dataset: hospital
SELECT SUM(near) AS near
FROM (SELECT COUNT(*) OVER (PARTITION BY patient_nbr ORDER BY num_procedures
               GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS near
      FROM encounters) t;

-- title: a distance of whole numbers
-- dataset: hospital
SELECT AVG(near) AS near
FROM (SELECT COUNT(*) OVER (PARTITION BY patient_nbr ORDER BY num_medications DESC
               RANGE BETWEEN 5 PRECEDING AND 5 FOLLOWING) AS near
      FROM encounters) t;

-- title: a frame of rows
-- dataset: hospital
SELECT SUM(recent) AS total, COUNT(recent) AS n
FROM (SELECT SUM(num_medications) OVER (PARTITION BY patient_nbr ORDER BY num_medications
               ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING) AS recent
      FROM encounters) t;

-- title: windows over groups of one owner
-- dataset: retail
SELECT place, AVG(lines) AS lines
FROM (SELECT customer_id, stock_code, COUNT(*) AS lines,
             ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY COUNT(*) DESC) AS place
      FROM lines GROUP BY customer_id, stock_code) t
WHERE place <= 3
GROUP BY place;

-- title: a share of the owner's own total
-- dataset: retail
SELECT COUNT(*) AS months, COUNT(DISTINCT customer_id) AS customers
FROM (SELECT customer_id, date_trunc('month', invoice_at) AS month, SUM(quantity) AS units,
             SUM(SUM(quantity)) OVER (PARTITION BY customer_id) AS total
      FROM lines WHERE quantity > 0 GROUP BY customer_id, 2) t
WHERE 2 * units > total;

-- title: the second order of those who have one
-- dataset: retail
WITH orders AS (
  SELECT customer_id, date_trunc('day', invoice_at) AS day,
         ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY date_trunc('day', invoice_at)) AS place
  FROM lines WHERE quantity > 0 GROUP BY customer_id, date_trunc('day', invoice_at))
SELECT 1.0 * COUNT(*) FILTER (WHERE place = 2) / COUNT(*) FILTER (WHERE place = 1) AS share
FROM orders WHERE place <= 2;

-- title: DISTINCT of windows
-- dataset: retail
SELECT AVG(spent) AS spent
FROM (SELECT DISTINCT customer_id, SUM(quantity * unit_price) OVER (PARTITION BY customer_id) AS spent
      FROM lines) t;

-- title: DISTINCT ON the owner, then by country
-- dataset: retail
SELECT country, COUNT(*) AS customers
FROM (SELECT DISTINCT ON (customer_id) customer_id, country FROM lines ORDER BY customer_id, invoice_at) t
GROUP BY country;

-- title: DISTINCT ON the owner
-- dataset: retail
SELECT date_trunc('month', invoice_at) AS month, COUNT(*) AS customers
FROM (SELECT DISTINCT ON (customer_id) customer_id, invoice_at FROM lines
      ORDER BY customer_id, invoice_at DESC) t
GROUP BY 1;

-- title: DISTINCT ON the owner and more, by position and alias
-- dataset: retail
SELECT COUNT(*) AS products, AVG(units) AS units
FROM (SELECT DISTINCT ON (customer_id, 2) customer_id, stock_code AS product, quantity AS units FROM lines
      ORDER BY 1, product, units DESC) t;

-- title: one window built on another
-- dataset: hospital
SELECT COUNT(*) AS n
FROM (SELECT SUM(time_in_hospital) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS days,
             RANK() OVER w AS place
      FROM encounters WINDOW p AS (PARTITION BY patient_nbr), w AS (p ORDER BY time_in_hospital)) t
WHERE days > 20 AND place > 1;

-- title: ordered by an expression, NULLs last
-- dataset: hospital
SELECT first, COUNT(*) AS patients
FROM (SELECT patient_nbr, gender,
             FIRST_VALUE(gender) OVER (PARTITION BY patient_nbr ORDER BY lower(gender) DESC NULLS LAST) AS first
      FROM encounters) t
WHERE gender = first
GROUP BY first;

-- title: a window in a common table expression joined on the owner
-- dataset: hospital
WITH numbered AS (
  SELECT patient_nbr, time_in_hospital,
         ROW_NUMBER() OVER (PARTITION BY patient_nbr ORDER BY time_in_hospital) AS place
  FROM encounters)
SELECT AVG(b.time_in_hospital - a.time_in_hospital) AS more
FROM numbered a JOIN numbered b ON b.patient_nbr = a.patient_nbr AND b.place = a.place + 1;
