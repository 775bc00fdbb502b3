-- What BI tools write: shapes of Superset, Metabase, Tableau, Power BI, Grafana, Looker and Excel.

-- title: Superset, a grain of five seconds
-- dataset: retail
SELECT DATE_TRUNC('minute', invoice_at) + INTERVAL '5 seconds' * FLOOR(EXTRACT(SECOND FROM invoice_at) / 5) AS invoice_at,
       COUNT(*) AS count
FROM public.lines
WHERE invoice_at >= TO_TIMESTAMP('2011-03-01 10:00:00.000000', 'YYYY-MM-DD HH24:MI:SS.US')
  AND invoice_at < TO_TIMESTAMP('2011-03-01 10:10:00.000000', 'YYYY-MM-DD HH24:MI:SS.US')
GROUP BY DATE_TRUNC('minute', invoice_at) + INTERVAL '5 seconds' * FLOOR(EXTRACT(SECOND FROM invoice_at) / 5)
ORDER BY count DESC LIMIT 10000;

-- title: Superset, a grain of fifteen minutes
-- dataset: retail
SELECT DATE_TRUNC('hour', invoice_at) + INTERVAL '15 minutes' * FLOOR(EXTRACT(MINUTE FROM invoice_at) / 15) AS invoice_at,
       COUNT(*) AS count
FROM public.lines
WHERE invoice_at >= TO_TIMESTAMP('2011-03-01 00:00:00.000000', 'YYYY-MM-DD HH24:MI:SS.US')
  AND invoice_at < TO_TIMESTAMP('2011-03-02 00:00:00.000000', 'YYYY-MM-DD HH24:MI:SS.US')
GROUP BY DATE_TRUNC('hour', invoice_at) + INTERVAL '15 minutes' * FLOOR(EXTRACT(MINUTE FROM invoice_at) / 15)
LIMIT 10000;

-- title: Superset, how many rows a table has
-- dataset: retail
SELECT COUNT(*) AS rowcount
FROM (SELECT country AS country, SUM(quantity) AS "SUM(quantity)" FROM public.lines GROUP BY country LIMIT 1000) AS rowcount_qry;

-- title: Grafana, timeGroup of a day
-- dataset: retail
SELECT floor(extract(epoch from invoice_at)/86400)*86400 AS "time", COUNT(*) AS n FROM lines
WHERE invoice_at BETWEEN '2011-01-01T00:00:00Z' AND '2011-03-01T00:00:00Z' GROUP BY 1 ORDER BY 1;

-- title: Grafana, timeGroup of five minutes with a metric
-- dataset: retail
SELECT floor(extract(epoch from invoice_at)/300)*300 AS "time", country AS metric, SUM(quantity) AS units FROM lines
WHERE invoice_at BETWEEN '2011-01-04T09:00:00Z' AND '2011-01-04T12:00:00Z' AND country IN ('France', 'Germany')
GROUP BY time, metric ORDER BY time;

-- title: Metabase, weeks that begin on Sunday
-- dataset: retail
-- plain: SELECT (CAST(DATE_TRUNC('week', invoice_at + INTERVAL '1 day') AS timestamp) + INTERVAL '-1 day') AS invoice_at, COUNT(*) AS count FROM lines GROUP BY 1 ORDER BY 1
SELECT (CAST(DATE_TRUNC('week', ("public"."lines"."invoice_at" + INTERVAL '1 day')) AS timestamp) + INTERVAL '-1 day') AS "invoice_at",
       COUNT(*) AS "count"
FROM "public"."lines"
GROUP BY (CAST(DATE_TRUNC('week', ("public"."lines"."invoice_at" + INTERVAL '1 day')) AS timestamp) + INTERVAL '-1 day')
ORDER BY 1 ASC;

-- title: Metabase, the day of the week counted from one
-- dataset: retail
-- plain: SELECT CAST(extract(dow from invoice_at) AS integer) + 1 AS invoice_at, COUNT(*) AS count FROM lines GROUP BY 1 ORDER BY 1
SELECT (CAST(extract(dow from "public"."lines"."invoice_at") AS integer) + 1) AS "invoice_at", COUNT(*) AS "count"
FROM "public"."lines"
GROUP BY (CAST(extract(dow from "public"."lines"."invoice_at") AS integer) + 1) ORDER BY 1;

-- title: Metabase, bins of a number
-- dataset: retail
-- plain: SELECT FLOOR((unit_price - 0.0) / 2.5) * 2.5 + 0.0 AS unit_price, COUNT(*) AS count FROM lines GROUP BY 1 ORDER BY 1
SELECT (FLOOR((("public"."lines"."unit_price" - 0.0) / 2.5)) * 2.5) + 0.0 AS "unit_price", COUNT(*) AS "count"
FROM "public"."lines"
GROUP BY (FLOOR((("public"."lines"."unit_price" - 0.0) / 2.5)) * 2.5) + 0.0
ORDER BY (FLOOR((("public"."lines"."unit_price" - 0.0) / 2.5)) * 2.5) + 0.0 ASC;

-- title: Metabase, a share
-- dataset: hospital
-- plain: SELECT CAST(SUM(CASE WHEN readmitted = '<30' THEN 1 ELSE 0.0 END) AS DOUBLE) / COUNT(*) AS Share FROM encounters
SELECT CAST(SUM(CASE WHEN "public"."encounters"."readmitted" = '<30' THEN 1 ELSE 0.0 END) AS DOUBLE PRECISION)
       / NULLIF(CAST(COUNT(*) AS DOUBLE PRECISION), 0.0) AS "Share"
FROM "public"."encounters";

-- title: Tableau, the year of a moment
-- dataset: retail
SELECT CAST(TRUNC(EXTRACT(YEAR FROM "lines"."invoice_at")) AS INTEGER) AS "yr:invoice_at:ok", SUM("lines"."quantity") AS "sum:quantity:ok"
FROM "public"."lines" "lines" GROUP BY 1;

-- title: Tableau, months of a date
-- dataset: retail
SELECT DATE_TRUNC( 'MONTH', CAST("lines"."invoice_at" AS DATE) ) AS "tmn:invoice_at:ok", SUM("lines"."quantity") AS "sum:quantity:ok"
FROM "public"."lines" "lines" GROUP BY 1;

-- title: Tableau, the ten largest, compared also where NULL
-- dataset: retail
SELECT "lines"."country" AS "country", SUM("lines"."quantity") AS "sum:quantity:ok"
FROM "public"."lines" "lines"
INNER JOIN ( SELECT "lines"."country" AS "country", SUM("lines"."quantity") AS "$__alias__0"
             FROM "public"."lines" "lines" GROUP BY 1 ORDER BY 2 DESC NULLS LAST, 1 ASC LIMIT 10 ) "t0"
  ON (("lines"."country" = "t0"."country") OR (("lines"."country" IS NULL) AND ("t0"."country" IS NULL)))
GROUP BY 1;

-- title: Tableau, a bin
-- dataset: retail
SELECT CAST(FLOOR(CAST("lines"."unit_price" AS DOUBLE PRECISION) / 5) AS BIGINT) AS "price (bin)", COUNT(1) AS "cnt"
FROM "public"."lines" "lines" GROUP BY 1 HAVING (COUNT(1) > 0);

-- title: Power BI, a group
-- dataset: hospital
select "_"."age", "_"."a0" from (
  select "rows"."age" as "age", sum(cast("rows"."time_in_hospital" as decimal)) as "a0"
  from ( select "$Table"."age" as "age", "$Table"."time_in_hospital" as "time_in_hospital"
         from "public"."encounters" "$Table" ) "rows"
  group by "age" ) "_"
where not "_"."a0" is null limit 1000001;

-- title: Power BI, a distinct count
-- dataset: hospital
select count(distinct("rows"."diag_1")) + max(case when "rows"."diag_1" is null then 1 else 0 end) as "a0"
from ( select "_"."diag_1" from "public"."encounters" "_" ) "rows";

-- title: Looker, days
-- dataset: retail
SELECT DATE(invoice_at) AS day, COUNT(*) AS n FROM public.lines
WHERE invoice_at < '2011-01-01' GROUP BY 1 ORDER BY 1 DESC LIMIT 500;

-- title: Excel, a name in three parts
-- dataset: hospital
SELECT encounters.age, Count(encounters.time_in_hospital) AS n
FROM hospital.public.encounters encounters GROUP BY encounters.age ORDER BY encounters.age;

-- title: a quotient by what may be zero keeps its group of NULL
-- dataset: hospital
-- plain: SELECT number_diagnoses // NULLIF(num_procedures, 0) AS ratio, COUNT(*) AS n FROM encounters GROUP BY 1
SELECT number_diagnoses / num_procedures AS ratio, COUNT(*) AS n FROM encounters GROUP BY 1;
