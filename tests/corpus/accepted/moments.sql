-- Dates, timestamps and intervals. Cuts of time between declared bounds are public.

-- title: a range as a BI tool writes it
-- dataset: retail
SELECT date_trunc('day', invoice_at) AS day, COUNT(*) AS n FROM lines
WHERE invoice_at >= TO_TIMESTAMP('2011-03-01 00:00:00.000000', 'YYYY-MM-DD HH24:MI:SS.US')
  AND invoice_at < TO_TIMESTAMP('2011-03-15 00:00:00.000000', 'YYYY-MM-DD HH24:MI:SS.US')
GROUP BY day;

-- title: a range of seconds since 1970
-- dataset: retail
SELECT date_trunc('week', invoice_at) AS week, COUNT(*) AS n FROM lines
WHERE invoice_at BETWEEN to_timestamp(1300000000) AND to_timestamp(1304000000.5) GROUP BY week;

-- title: a range by calculation
-- dataset: retail
SELECT date_trunc('month', invoice_at) AS month, SUM(quantity) AS units FROM lines
WHERE invoice_at >= date '2011-06-30' - interval '3 months'
  AND invoice_at < make_date(2011, 6, 30) + 1 AND invoice_at >= to_date('01/02/2011', 'DD/MM/YYYY')
GROUP BY month;

-- title: months as text
-- dataset: retail
SELECT to_char(invoice_at, 'YYYY-MM') AS month, COUNT(*) AS n FROM lines GROUP BY month;

-- title: names of days and months
-- dataset: retail
-- plain: SELECT dayname(invoice_at) AS day, left(monthname(invoice_at), 3) AS month, COUNT(*) AS n FROM lines GROUP BY 1, 2
SELECT to_char(invoice_at, 'FMDay') AS day, to_char(invoice_at, 'Mon') AS month, COUNT(*) AS n
FROM lines GROUP BY 1, 2;

-- title: quarters and weeks as text
-- dataset: retail
-- plain: SELECT year(invoice_at) || 'Q' || quarter(invoice_at) AS quarter, COUNT(*) AS n FROM lines WHERE NOT (isoyear(invoice_at) = 2011 AND week(invoice_at) = 1) AND (hour(invoice_at) < 18 OR (hour(invoice_at) = 18 AND minute(invoice_at) < 30)) GROUP BY quarter
SELECT to_char(invoice_at, 'YYYY"Q"Q') AS quarter, COUNT(*) AS n FROM lines
WHERE to_char(invoice_at, 'IYYY-"W"IW') <> '2011-W01' AND to_char(invoice_at, 'HH24:MI') < '18:30'
GROUP BY quarter;

-- title: every grain of years
-- dataset: retail
-- plain: SELECT TIMESTAMP '2010-01-01' AS decade, 21 AS century, 3 AS millennium, COUNT(*) AS n FROM lines WHERE year(invoice_at) >= 2001
SELECT date_trunc('decade', invoice_at) AS decade, extract(century FROM invoice_at) AS century,
       extract(millennium FROM invoice_at) AS millennium, COUNT(*) AS n
FROM lines WHERE date_trunc('century', invoice_at) = '2001-01-01' GROUP BY 1, 2, 3;

-- title: fine parts
-- dataset: retail
SELECT COUNT(*) AS n FROM lines
WHERE extract(second FROM invoice_at) < 30.5 AND extract(milliseconds FROM invoice_at) < 30500
  AND date_part('epoch', invoice_at) > 1300000000 AND extract(decade FROM invoice_at) = 201;

-- title: local time
-- dataset: retail
SELECT extract(hour FROM invoice_at AT TIME ZONE 'UTC' AT TIME ZONE 'Europe/London') AS hour,
       COUNT(*) AS n
FROM lines
WHERE date_trunc('day', invoice_at AT TIME ZONE 'Europe/London', 'Europe/Paris') < '2011-06-01'
  AND timezone('America/New_York', timezone('UTC', invoice_at)) > '2011-01-01'
GROUP BY hour;

-- title: differences
-- dataset: retail
SELECT AVG(extract(epoch FROM invoice_at - timestamp '2010-12-01')) AS seconds FROM lines
WHERE invoice_at - timestamp '2010-12-01' < interval '200 days'
  AND age(invoice_at, timestamp '2010-12-01') > interval '1 day'
  AND extract(month FROM age(invoice_at, timestamp '2010-12-01')) < 6
  AND extract(day FROM invoice_at - timestamp '2010-12-01') > 3;

-- title: intervals by numbers of the row
-- dataset: retail
-- plain: SELECT COUNT(*) AS n FROM lines WHERE invoice_at + to_days(quantity::INT) < '2011-07-01' AND invoice_at - INTERVAL 3 DAY - to_hours(quantity) > '2010-12-01' AND invoice_at::DATE + quantity::INT < '2011-08-01' AND invoice_at::DATE - 7 > '2010-12-01'
SELECT COUNT(*) AS n FROM lines
WHERE invoice_at + quantity * interval '1 day' < timestamp '2011-07-01'
  AND invoice_at - make_interval(days => 3, hours => quantity) > timestamp '2010-12-01'
  AND invoice_at::date + quantity < date '2011-08-01' AND invoice_at::date - 7 > date '2010-12-01';

-- title: quarters of an hour
-- dataset: retail
SELECT date_bin('15 minutes', invoice_at, timestamp '2010-01-01') AS slot, COUNT(*) AS n FROM lines
WHERE invoice_at >= '2011-01-10' AND invoice_at < '2011-01-11' GROUP BY slot;

-- title: dates made of numbers
-- dataset: retail
-- plain: SELECT COUNT(*) AS n FROM lines WHERE invoice_at < TRY(make_date(2011, 1, quantity)) AND invoice_at > '2010-12-02 08:30:15.5'
SELECT COUNT(*) AS n FROM lines
WHERE invoice_at < make_date(2011, 1, quantity) AND isfinite(invoice_at)
  AND invoice_at > make_timestamp(2010, 12, 2, 8, 30, 15.5);

-- title: days of two weeks
-- dataset: retail
SELECT date_trunc('day', invoice_at) AS day, COUNT(*) AS n FROM lines
WHERE invoice_at >= TO_TIMESTAMP('2011-03-01', 'YYYY-MM-DD')
  AND invoice_at < date '2011-03-01' + interval '2 weeks' GROUP BY day;
