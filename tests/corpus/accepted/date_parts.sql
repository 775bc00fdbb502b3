-- Parts of dates and cuts of time between declared bounds are public domains.

-- title: hours of the day
-- dataset: retail
SELECT extract(hour FROM invoice_at) AS hour, COUNT(*) AS n FROM lines GROUP BY 1;

-- title: days of the week
-- dataset: retail
SELECT date_part('dow', invoice_at) AS day, COUNT(*) AS n FROM lines GROUP BY day;

-- title: months
-- dataset: retail
SELECT date_trunc('month', invoice_at) AS month, COUNT(*) AS n FROM lines GROUP BY month;

-- title: weeks of one quarter
-- dataset: retail
SELECT date_trunc('week', invoice_at) AS week, COUNT(*) AS n FROM lines
WHERE invoice_at >= '2011-01-01' AND invoice_at < '2011-04-01' GROUP BY week;

-- title: days of one month
-- dataset: retail
SELECT date_trunc('day', invoice_at) AS day, SUM(quantity) AS units FROM lines
WHERE invoice_at BETWEEN '2011-11-01' AND '2011-11-30' GROUP BY day;

-- title: years and quarters
-- dataset: retail
SELECT extract(year FROM invoice_at) AS year, extract(quarter FROM invoice_at) AS quarter,
       COUNT(*) AS n
FROM lines GROUP BY 1, 2;

-- title: the date of a moment
-- dataset: retail
SELECT CAST(invoice_at AS date) AS day, COUNT(*) AS n FROM lines GROUP BY 1;

-- title: weekend or not
-- dataset: retail
SELECT extract(isodow FROM invoice_at) >= 6 AS weekend, COUNT(*) AS n FROM lines GROUP BY weekend;

-- title: other parts
-- dataset: retail
SELECT COUNT(*) AS n FROM lines
WHERE extract(doy FROM invoice_at) > 100 AND extract(week FROM invoice_at) < 50
  AND extract(isoyear FROM invoice_at) = 2011 AND extract(minute FROM invoice_at) < 30
  AND extract(month FROM invoice_at) <> 7 AND extract(day FROM invoice_at) <= 15;
