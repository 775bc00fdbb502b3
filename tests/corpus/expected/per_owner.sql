-- title: the average per customer
-- release noisy_1: no keys; public groups: 1
--   m0: AVG(n), L2 sensitivity 1, one is 1
--   m1: AVG(n), L2 sensitivity 200, one is 1
WITH rows AS (SELECT t2."c0" AS u, CAST(CASE WHEN t2."c1" IS NOT NULL THEN LEAST(GREATEST(t2."c1", 1), 400) END AS BIGINT) - (200) AS x_m1 FROM (SELECT t1."customer_id" AS "c0", COUNT(*) AS "c1" FROM "lines" AS t1 GROUP BY 1) AS t2 WHERE t2."c0" IS NOT NULL) SELECT COUNT(*) AS m0, COALESCE(SUM(x_m1), 0) AS m1 FROM rows;
-- answer: lines_per_customer double precision noisy
SELECT (LEAST(GREATEST(CAST((("noisy_1"."m1" / NULLIF(CAST(GREATEST("noisy_1"."m0", 1) AS DOUBLE), 0)) + 200) AS DOUBLE), 1.0), 400.0)) AS "lines_per_customer" FROM "noisy_1" AS "noisy_1";

-- title: the distribution of a count
-- release noisy_1: k0 bigint; public groups: 5
--   m0: COUNT(*), L2 sensitivity 1, one is 1
WITH rows AS (SELECT t2."c0" AS u, t2."c1" AS k0 FROM (SELECT t1."patient_nbr" AS "c0", COUNT(*) AS "c1" FROM "encounters" AS t1 GROUP BY 1) AS t2 WHERE (t2."c1" <= 5) AND t2."c0" IS NOT NULL AND CASE WHEN (t2."c1" BETWEEN 1 AND 5) THEN TRUE ELSE FALSE END) SELECT k0, COUNT(*) AS m0 FROM rows GROUP BY k0;
-- answer: stays bigint, patients bigint noisy released
SELECT "noisy_1"."k0" AS "stays", (CAST("noisy_1"."m0" AS BIGINT)) AS "patients" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: the share with at least two
-- release noisy_1: no keys; public groups: 1
--   m0: SUM(CASE WHEN stays >= 2 THEN 1 ELSE 0 END), L2 sensitivity 1, one is 1
--   m1: SUM(CASE WHEN stays >= 2 THEN 1 ELSE 0 END), L2 sensitivity 1, one is 1
WITH rows AS (SELECT u, CAST(CASE WHEN v_m1 IS NOT NULL THEN LEAST(GREATEST(v_m1, 0), 1) END AS BIGINT) AS x_m1 FROM (SELECT t2."c0" AS u, (CASE WHEN (t2."c1" >= 2) THEN 1 ELSE 0 END) AS v_m1 FROM (SELECT t1."patient_nbr" AS "c0", COUNT(*) AS "c1" FROM "encounters" AS t1 GROUP BY 1) AS t2 WHERE t2."c0" IS NOT NULL) AS valued) SELECT COUNT(*) AS m0, COALESCE(SUM(x_m1), 0) AS m1 FROM rows;
-- answer: percent double precision noisy
SELECT 100.0 * (CAST(("noisy_1"."m1" + 0 * "noisy_1"."m0") AS BIGINT)) / NULLIF((CAST("noisy_1"."m0" AS BIGINT)), 0) AS "percent" FROM "noisy_1" AS "noisy_1";

-- title: owners by a condition on their rows
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 1, one is 1
WITH rows AS (SELECT t2."c0" AS u FROM (SELECT t1."patient_nbr" AS "c0", COUNT(*) AS "c1", TRY_CAST(SUM(t1."time_in_hospital") AS BIGINT) AS "c2" FROM "encounters" AS t1 GROUP BY 1) AS t2 WHERE ((t2."c1" > 2) AND (t2."c2" > 20)) AND t2."c0" IS NOT NULL) SELECT COUNT(*) AS m0 FROM rows;
-- answer: patients bigint noisy released
SELECT (CAST("noisy_1"."m0" AS BIGINT)) AS "patients" FROM "noisy_1" AS "noisy_1";

-- title: a common table expression per owner
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 1, one is 1
--   m1: AVG(products), L2 sensitivity 200, one is 1
WITH rows AS (SELECT t2."c0" AS u, CAST(CASE WHEN t2."c2" IS NOT NULL THEN LEAST(GREATEST(t2."c2", 0), 400) END AS BIGINT) - (200) AS x_m1 FROM (SELECT t1."customer_id" AS "c0", (CAST(SUM(TRY_CAST(ROUND(((CAST(t1."quantity" AS DOUBLE) * t1."unit_price") * CAST(100.0 AS DOUBLE))) AS BIGINT)) AS DOUBLE) / CAST(100.0 AS DOUBLE)) AS "c1", COUNT(DISTINCT t1."stock_code") AS "c2" FROM "lines" AS t1 GROUP BY 1) AS t2 WHERE (t2."c1" > 1000) AND t2."c0" IS NOT NULL) SELECT COUNT(*) AS m0, COALESCE(SUM(x_m1), 0) AS m1 FROM rows;
-- answer: customers bigint noisy released, products double precision noisy
SELECT (CAST("noisy_1"."m0" AS BIGINT)) AS "customers", (LEAST(GREATEST(CAST((("noisy_1"."m1" / NULLIF(CAST(GREATEST("noisy_1"."m0", 1) AS DOUBLE), 0)) + 200) AS DOUBLE), 0.0), 400.0)) AS "products" FROM "noisy_1" AS "noisy_1";

-- title: the owner and a further key
-- release noisy_1: k0 text; public groups: 3
--   m0: AVG(n), L2 sensitivity 1.73205, one is 1
--   m1: AVG(n), L2 sensitivity 346.41, one is 1
WITH rows AS (SELECT t2."c0" AS u, t2."c1" AS k0, CAST(CASE WHEN t2."c2" IS NOT NULL THEN LEAST(GREATEST(t2."c2", 1), 400) END AS BIGINT) - (200) AS x_m1 FROM (SELECT t1."customer_id" AS "c0", t1."country" AS "c1", COUNT(*) AS "c2" FROM "lines" AS t1 GROUP BY 1, 2) AS t2 WHERE (t2."c1" IN ('France', 'Germany', 'United Kingdom')) AND t2."c0" IS NOT NULL AND CASE WHEN (t2."c1" IN ('France', 'Germany', 'United Kingdom')) THEN TRUE ELSE FALSE END) SELECT k0, COUNT(*) AS m0, COALESCE(SUM(x_m1), 0) AS m1 FROM rows GROUP BY k0;
-- answer: country text, lines double precision noisy
SELECT "noisy_1"."k0" AS "country", (LEAST(GREATEST(CAST((("noisy_1"."m1" / NULLIF(CAST(GREATEST("noisy_1"."m0", 1) AS DOUBLE), 0)) + 200) AS DOUBLE), 1.0), 400.0)) AS "lines" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: per owner and month, then by month
-- release noisy_1: k0 timestamp; private groups, threshold on m0
--   m0: owners in the group, L2 sensitivity 131072, one is 1/65536
--   m1: COUNT(*), L2 sensitivity 131072, one is 1/65536
--   m2: AVG(units), L2 sensitivity 131072, one is 1/65536
--   m3: AVG(units), L2 sensitivity 1.31072e+09, one is 1/65536
WITH rows AS (SELECT t2."c0" AS u, t2."c1" AS k0, (t2."c2" IS NOT NULL) AS x_m2, CAST(CASE WHEN t2."c2" IS NOT NULL THEN LEAST(GREATEST(t2."c2", -10000), 10000) END AS BIGINT) AS x_m3 FROM (SELECT t1."customer_id" AS "c0", COALESCE(TRY(CAST(date_trunc('month', t1."invoice_at") AS TIMESTAMP)), t1."invoice_at") AS "c1", TRY_CAST(SUM(t1."quantity") AS BIGINT) AS "c2" FROM "lines" AS t1 GROUP BY 1, 2) AS t2 WHERE t2."c0" IS NOT NULL AND CASE WHEN ((t2."c1" BETWEEN TIMESTAMP '0001-01-01 00:00:00' AND TIMESTAMP '9999-12-31 23:59:59.999999') OR (t2."c1" IS NULL)) THEN TRUE ELSE FALSE END), cells AS (SELECT u, k0, COUNT(*) AS n, COUNT(CASE WHEN x_m2 THEN 1 END) AS c_m2, COALESCE(SUM(x_m3), 0) AS c_m3 FROM rows GROUP BY u, k0), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 4 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(4 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 4 THEN 65536 WHEN COUNT(*) > 256 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(4 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v FROM cells GROUP BY u) SELECT cells.k0, COALESCE(SUM(owners.v), 0) AS m0, COALESCE(SUM(CAST(owners.w AS HUGEINT) * cells.n), 0) AS m1, COALESCE(SUM(CAST(owners.w AS HUGEINT) * cells.c_m2), 0) AS m2, COALESCE(SUM(CAST(owners.w AS HUGEINT) * cells.c_m3), 0) AS m3 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0;
-- answer: month timestamp, customers bigint noisy released, units double precision noisy
SELECT "noisy_1"."k0" AS "month", (CAST(ROUND((CAST("noisy_1"."m1" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "customers", (LEAST(GREATEST(CAST((("noisy_1"."m3" / NULLIF(CAST(GREATEST("noisy_1"."m2", 65536) AS DOUBLE), 0)) + 0) AS DOUBLE), -10000.0), 10000.0)) AS "units" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: the first purchase
-- release noisy_1: k0 timestamp; public groups: 13
--   m0: COUNT(*), L2 sensitivity 1, one is 1
WITH rows AS (SELECT t2."c0" AS u, COALESCE(TRY(CAST(date_trunc('month', t2."c1") AS TIMESTAMP)), t2."c1") AS k0 FROM (SELECT t1."customer_id" AS "c0", MIN(t1."invoice_at") AS "c1" FROM "lines" AS t1 GROUP BY 1) AS t2 WHERE t2."c0" IS NOT NULL AND CASE WHEN (COALESCE(TRY(CAST(date_trunc('month', t2."c1") AS TIMESTAMP)), t2."c1") BETWEEN TIMESTAMP '2010-12-01 00:00:00' AND TIMESTAMP '2011-12-01 00:00:00') THEN TRUE ELSE FALSE END) SELECT k0, COUNT(*) AS m0 FROM rows GROUP BY k0;
-- answer: month timestamp, customers bigint noisy released
SELECT "noisy_1"."k0" AS "month", (CAST("noisy_1"."m0" AS BIGINT)) AS "customers" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: least and greatest values
-- release noisy_1: no keys; public groups: 1
--   m0: AVG(longest - shortest), L2 sensitivity 1, one is 1
--   m1: AVG(longest - shortest), L2 sensitivity 13, one is 1
WITH rows AS (SELECT u, x_m0, CAST(CASE WHEN v_m1 IS NOT NULL THEN LEAST(GREATEST(v_m1, -13), 13) END AS BIGINT) AS x_m1 FROM (SELECT t2."c0" AS u, TRY(t2."c1" - t2."c2") AS v_m1, (TRY(t2."c1" - t2."c2") IS NOT NULL) AS x_m0 FROM (SELECT t1."patient_nbr" AS "c0", MAX(t1."time_in_hospital") AS "c1", MIN(t1."time_in_hospital") AS "c2" FROM "encounters" AS t1 GROUP BY 1) AS t2 WHERE (t2."c1" > t2."c2") AND t2."c0" IS NOT NULL) AS valued) SELECT COUNT(CASE WHEN x_m0 THEN 1 END) AS m0, COALESCE(SUM(x_m1), 0) AS m1 FROM rows;
-- answer: spread double precision noisy
SELECT (LEAST(GREATEST(CAST((("noisy_1"."m1" / NULLIF(CAST(GREATEST("noisy_1"."m0", 1) AS DOUBLE), 0)) + 0) AS DOUBLE), -13.0), 13.0)) AS "spread" FROM "noisy_1" AS "noisy_1";

-- title: an average of averages
-- release noisy_1: no keys; public groups: 1
--   m0: AVG(days), L2 sensitivity 1, one is 1
--   m1: AVG(days), L2 sensitivity 6.81574e+06, one is 1/1048576
WITH rows AS (SELECT t2."c0" AS u, CAST(CASE WHEN isfinite(CAST(t2."c1" AS DOUBLE)) THEN LEAST(GREATEST(CAST(ROUND(LEAST(GREATEST((CAST(t2."c1" AS DOUBLE) * CAST(1048576.0 AS DOUBLE)), CAST(1048576.0 AS DOUBLE)), CAST(14680064.0 AS DOUBLE))) AS BIGINT), 1048576), 14680064) END AS BIGINT) - (7864320) AS x_m1 FROM (SELECT t1."patient_nbr" AS "c0", (CAST(SUM(t1."time_in_hospital") AS DOUBLE) / NULLIF(COUNT(t1."time_in_hospital"), 0)) AS "c1" FROM "encounters" AS t1 GROUP BY 1) AS t2 WHERE t2."c0" IS NOT NULL) SELECT COUNT(*) AS m0, COALESCE(SUM(x_m1), 0) AS m1 FROM rows;
-- answer: days double precision noisy
SELECT (LEAST(GREATEST((CAST((("noisy_1"."m1" / NULLIF(CAST(GREATEST("noisy_1"."m0", 1) AS DOUBLE), 0)) + 7864320) AS DOUBLE) / 1048576.0), 1.0), 14.0)) AS "days" FROM "noisy_1" AS "noisy_1";

-- title: the dearest product of each customer
-- release noisy_1: no keys; public groups: 1
--   m0: AVG(dearest), L2 sensitivity 1, one is 1
--   m1: AVG(dearest), L2 sensitivity 1000, one is 1/100
WITH rows AS (SELECT t2."c0" AS u, CAST(CASE WHEN isfinite(CAST(t2."c1" AS DOUBLE)) THEN LEAST(GREATEST(CAST(ROUND(LEAST(GREATEST((CAST(t2."c1" AS DOUBLE) * CAST(100.0 AS DOUBLE)), CAST(0.0 AS DOUBLE)), CAST(2000.0 AS DOUBLE))) AS BIGINT), 0), 2000) END AS BIGINT) - (1000) AS x_m1 FROM (SELECT t1."customer_id" AS "c0", MAX(t1."unit_price") AS "c1" FROM "lines" AS t1 GROUP BY 1) AS t2 WHERE t2."c0" IS NOT NULL) SELECT COUNT(*) AS m0, COALESCE(SUM(x_m1), 0) AS m1 FROM rows;
-- answer: dearest double precision noisy
SELECT (LEAST(GREATEST((CAST((("noisy_1"."m1" / NULLIF(CAST(GREATEST("noisy_1"."m0", 1) AS DOUBLE), 0)) + 1000) AS DOUBLE) / 100.0), 0.0), 20.0)) AS "dearest" FROM "noisy_1" AS "noisy_1";

-- title: a condition within an aggregate
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 1, one is 1
WITH rows AS (SELECT t2."c0" AS u FROM (SELECT t1."patient_nbr" AS "c0", COUNT((CASE WHEN (t1."readmitted" = '<30') THEN 1 ELSE CAST(NULL AS BIGINT) END)) AS "c1", COUNT(*) AS "c2" FROM "encounters" AS t1 GROUP BY 1) AS t2 WHERE (t2."c1" = t2."c2") AND t2."c0" IS NOT NULL) SELECT COUNT(*) AS m0 FROM rows;
-- answer: patients bigint noisy released
SELECT (CAST("noisy_1"."m0" AS BIGINT)) AS "patients" FROM "noisy_1" AS "noisy_1";

-- title: distinct rows with the owner
-- release noisy_1: k0 text; public groups: 3
--   m0: COUNT(*), L2 sensitivity 92681.9, one is 1/65536
WITH rows AS (SELECT t2."c0" AS u, t2."c1" AS k0 FROM (SELECT t1."patient_nbr" AS "c0", t1."diag_1" AS "c1" FROM "encounters" AS t1 WHERE (t1."diag_1" IN ('250', '427', '428')) GROUP BY 1, 2) AS t2 WHERE t2."c0" IS NOT NULL AND CASE WHEN (t2."c1" IN ('250', '427', '428')) THEN TRUE ELSE FALSE END), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 1), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 2 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(2 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: diag_1 text, patients bigint noisy released
SELECT "noisy_1"."k0" AS "diag_1", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "patients" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: rows beside their owner's total
-- release noisy_1: k0 text; public groups: 10
--   m0: AVG(e.time_in_hospital), L2 sensitivity 741455, one is 1/65536
--   m1: AVG(e.time_in_hospital), L2 sensitivity 5.19019e+06, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."age" AS k0, CAST(CASE WHEN t1."time_in_hospital" IS NOT NULL THEN LEAST(GREATEST(t1."time_in_hospital", 1), 14) END AS BIGINT) - (7) AS x_m1 FROM "encounters" AS t1 JOIN (SELECT t2."patient_nbr" AS "c0", COUNT(*) AS "c1" FROM "encounters" AS t2 GROUP BY 1) AS t3 ON ((t3."c0" = t1."patient_nbr") AND (t1."patient_nbr" = t3."c0")) WHERE (t3."c1" >= 3) AND t1."patient_nbr" IS NOT NULL AND CASE WHEN (t1."age" IN ('[0-10)', '[10-20)', '[20-30)', '[30-40)', '[40-50)', '[50-60)', '[60-70)', '[70-80)', '[80-90)', '[90-100)')) THEN TRUE ELSE FALSE END), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m1), 0) AS m1 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: age text, days double precision noisy
SELECT "noisy_1"."k0" AS "age", (LEAST(GREATEST(CAST((("noisy_1"."m1" / NULLIF(CAST(GREATEST("noisy_1"."m0", 65536) AS DOUBLE), 0)) + 7) AS DOUBLE), 1.0), 14.0)) AS "days" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: twice grouped
-- release noisy_1: no keys; public groups: 1
--   m0: AVG(busy), L2 sensitivity 1, one is 1
--   m1: AVG(busy), L2 sensitivity 200, one is 1
WITH rows AS (SELECT t3."c0" AS u, CAST(CASE WHEN t3."c1" IS NOT NULL THEN LEAST(GREATEST(t3."c1", 1), 400) END AS BIGINT) - (200) AS x_m1 FROM (SELECT t2."c0" AS "c0", COUNT(*) AS "c1" FROM (SELECT t1."customer_id" AS "c0", COALESCE(TRY(CAST(date_trunc('month', t1."invoice_at") AS TIMESTAMP)), t1."invoice_at") AS "c1", COUNT(*) AS "c2" FROM "lines" AS t1 GROUP BY 1, 2) AS t2 WHERE (t2."c2" >= 10) GROUP BY 1) AS t3 WHERE t3."c0" IS NOT NULL) SELECT COUNT(*) AS m0, COALESCE(SUM(x_m1), 0) AS m1 FROM rows;
-- answer: months double precision noisy
SELECT (LEAST(GREATEST(CAST((("noisy_1"."m1" / NULLIF(CAST(GREATEST("noisy_1"."m0", 1) AS DOUBLE), 0)) + 200) AS DOUBLE), 1.0), 400.0)) AS "months" FROM "noisy_1" AS "noisy_1";

-- title: an inner name that hides a column
-- release noisy_1: k0 bigint; public groups: 3
--   m0: COUNT(*), L2 sensitivity 1, one is 1
WITH rows AS (SELECT t2."c0" AS u, t2."c1" AS k0 FROM (SELECT t1."patient_nbr" AS "c0", COUNT(*) AS "c1" FROM "encounters" AS t1 GROUP BY 1) AS t2 WHERE (t2."c1" BETWEEN 1 AND 3) AND t2."c0" IS NOT NULL AND CASE WHEN (t2."c1" BETWEEN 1 AND 3) THEN TRUE ELSE FALSE END) SELECT k0, COUNT(*) AS m0 FROM rows GROUP BY k0;
-- answer: time_in_hospital bigint, patients bigint noisy released
SELECT "noisy_1"."k0" AS "time_in_hospital", (CAST("noisy_1"."m0" AS BIGINT)) AS "patients" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: a part of a key that was computed
-- release noisy_1: k0 bigint; public groups: 13
--   m0: COUNT(*), L2 sensitivity 5.24288e+07, one is 1/65536
WITH rows AS (SELECT t2."c0" AS u, TRY(date_part('month', t2."c1")) AS k0 FROM (SELECT t1."customer_id" AS "c0", COALESCE(TRY(CAST(date_trunc('month', t1."invoice_at") AS TIMESTAMP)), t1."invoice_at") AS "c1" FROM "lines" AS t1 GROUP BY 1, 2) AS t2 WHERE t2."c0" IS NOT NULL AND CASE WHEN ((TRY(date_part('month', t2."c1")) BETWEEN 1 AND 12) OR (TRY(date_part('month', t2."c1")) IS NULL)) THEN TRUE ELSE FALSE END), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 800), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 640000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(640000 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: month bigint, customers bigint noisy released
SELECT "noisy_1"."k0" AS "month", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "customers" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";
