-- title: patients
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(DISTINCT patient_nbr), L2 sensitivity 1, one is 1
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL) SELECT COUNT(DISTINCT u) AS m0 FROM rows;
-- answer: patients bigint noisy released
SELECT (CAST("noisy_1"."m0" AS BIGINT)) AS "patients" FROM "noisy_1" AS "noisy_1";

-- title: patients by age
-- release noisy_1: k0 text; public groups: 10
--   m0: COUNT(DISTINCT patient_nbr), L2 sensitivity 92681.9, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."age" AS k0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL AND CASE WHEN (t1."age" IN ('[0-10)', '[10-20)', '[20-30)', '[30-40)', '[40-50)', '[50-60)', '[60-70)', '[70-80)', '[80-90)', '[90-100)')) THEN TRUE ELSE FALSE END), cells AS (SELECT u, k0, COUNT(*) AS n FROM rows GROUP BY u, k0), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 2 THEN 65536 WHEN COUNT(*) > 128 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(2 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v FROM cells GROUP BY u) SELECT cells.k0, COALESCE(SUM(owners.v), 0) AS m0 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0;
-- answer: age text, patients bigint noisy released
SELECT "noisy_1"."k0" AS "age", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "patients" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: patients and their stays
-- release noisy_1: k0 text; public groups: 2
--   m0: COUNT(DISTINCT patient_nbr), L2 sensitivity 1.41421, one is 1
--   m1: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."gender" AS k0 FROM "encounters" AS t1 WHERE (t1."gender" <> 'Unknown/Invalid') AND t1."patient_nbr" IS NOT NULL AND CASE WHEN (t1."gender" IN ('Female', 'Male', 'Unknown/Invalid')) THEN TRUE ELSE FALSE END), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COUNT(DISTINCT rows.u) AS m0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m1 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: gender text, patients bigint noisy released, stays bigint noisy released, each double precision noisy
SELECT "noisy_1"."k0" AS "gender", (CAST("noisy_1"."m0" AS BIGINT)) AS "patients", (CAST(ROUND((CAST("noisy_1"."m1" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays", 1.0 * (CAST(ROUND((CAST("noisy_1"."m1" AS DOUBLE) / 65536.0)) AS BIGINT)) / NULLIF((CAST("noisy_1"."m0" AS BIGINT)), 0) AS "each" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: patients who meet a condition
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(DISTINCT patient_nbr), L2 sensitivity 1, one is 1
--   m1: COUNT(DISTINCT patient_nbr) FILTER(WHERE readmitted <> 'NO'), L2 sensitivity 1, one is 1
WITH rows AS (SELECT t1."patient_nbr" AS u, (t1."readmitted" <> 'NO') AS x_m1 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL) SELECT COUNT(DISTINCT u) AS m0, COUNT(DISTINCT CASE WHEN x_m1 THEN u END) AS m1 FROM rows;
-- answer: patients bigint noisy released, readmitted bigint noisy released
SELECT (CAST("noisy_1"."m0" AS BIGINT)) AS "patients", (CAST("noisy_1"."m1" AS BIGINT)) AS "readmitted" FROM "noisy_1" AS "noisy_1";

-- title: patients by CASE
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(DISTINCT e.patient_nbr), L2 sensitivity 1, one is 1
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE (t1."time_in_hospital" > 10) AND t1."patient_nbr" IS NOT NULL) SELECT COUNT(DISTINCT u) AS m0 FROM rows;
-- answer: patients bigint noisy released
SELECT (CAST("noisy_1"."m0" AS BIGINT)) AS "patients" FROM "noisy_1" AS "noisy_1";

-- title: customers by country and year
-- release noisy_1: k0 bigint, k1 text; public groups: 76
--   m0: COUNT(DISTINCT customer_id), L2 sensitivity 131072, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u, TRY(date_part('year', t1."invoice_at")) AS k0, t1."country" AS k1 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL AND CASE WHEN (TRY(date_part('year', t1."invoice_at")) BETWEEN 2010 AND 2011) THEN TRUE ELSE FALSE END AND CASE WHEN (t1."country" IN ('Australia', 'Austria', 'Bahrain', 'Belgium', 'Brazil', 'Canada', 'Channel Islands', 'Cyprus', 'Czech Republic', 'Denmark', 'EIRE', 'European Community', 'Finland', 'France', 'Germany', 'Greece', 'Hong Kong', 'Iceland', 'Israel', 'Italy', 'Japan', 'Lebanon', 'Lithuania', 'Malta', 'Netherlands', 'Norway', 'Poland', 'Portugal', 'RSA', 'Saudi Arabia', 'Singapore', 'Spain', 'Sweden', 'Switzerland', 'USA', 'United Arab Emirates', 'United Kingdom', 'Unspecified')) THEN TRUE ELSE FALSE END), cells AS (SELECT u, k0, k1, COUNT(*) AS n FROM rows GROUP BY u, k0, k1), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 640000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(640000 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 4 THEN 65536 WHEN COUNT(*) > 256 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(4 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v FROM cells GROUP BY u) SELECT cells.k0, cells.k1, COALESCE(SUM(owners.v), 0) AS m0 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0, cells.k1;
-- answer: country text, year bigint, customers bigint noisy released
SELECT "noisy_1"."k1" AS "country", "noisy_1"."k0" AS "year", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "customers" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k1", "noisy_1"."k0";

-- title: customers of each product
-- release noisy_1: k0 text; private groups, threshold on m0
--   m0: COUNT(DISTINCT customer_id), L2 sensitivity 131072, one is 1/65536
--   m1: SUM(quantity), L2 sensitivity 6.5536e+08, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u, t1."stock_code" AS k0, CAST(CASE WHEN t1."quantity" IS NOT NULL THEN LEAST(GREATEST(t1."quantity", -500), 500) END AS BIGINT) AS x_m1 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL), cells AS (SELECT u, k0, COUNT(*) AS n, LEAST(GREATEST(COALESCE(SUM(x_m1), 0), -10240000), 10240000) AS c_m1 FROM rows GROUP BY u, k0), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 640000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(640000 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 4 THEN 65536 WHEN COUNT(*) > 256 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(4 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v, CASE WHEN SUM(CAST(c_m1 AS HUGEINT) * CAST(c_m1 AS HUGEINT)) <= 100000000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(100000000 AS DOUBLE) / CAST(SUM(CAST(c_m1 AS HUGEINT) * CAST(c_m1 AS HUGEINT)) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w_m1 FROM cells GROUP BY u) SELECT cells.k0, COALESCE(SUM(owners.v), 0) AS m0, COALESCE(SUM(CAST(owners.w_m1 AS HUGEINT) * cells.c_m1), 0) AS m1 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0;
-- answer: stock_code text, customers bigint noisy released, units bigint noisy released
SELECT "noisy_1"."k0" AS "stock_code", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "customers", (CAST(ROUND((CAST("noisy_1"."m1" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "units" FROM "noisy_1" AS "noisy_1" ORDER BY "customers" DESC NULLS FIRST, "stock_code" LIMIT 20;

-- title: customers by month with their sums
-- release noisy_1: k0 timestamp; public groups: 13
--   m0: COUNT(DISTINCT customer_id), L2 sensitivity 131072, one is 1/65536
--   m1: SUM(quantity * unit_price), L2 sensitivity 5.24288e+12, one is 1/655360
--   m2: SUM(quantity), L2 sensitivity 6.5536e+08, one is 1/65536
WITH rows AS (SELECT u, k0, CAST(CASE WHEN isfinite(CAST(v_m1 AS DOUBLE)) THEN LEAST(GREATEST(CAST(ROUND(LEAST(GREATEST((CAST(v_m1 AS DOUBLE) * CAST(10.0 AS DOUBLE)), CAST(-100000.0 AS DOUBLE)), CAST(100000.0 AS DOUBLE))) AS BIGINT), -100000), 100000) END AS BIGINT) AS x_m1, CAST(CASE WHEN v_m2 IS NOT NULL THEN LEAST(GREATEST(v_m2, -500), 500) END AS BIGINT) AS x_m2 FROM (SELECT t1."customer_id" AS u, COALESCE(TRY(CAST(date_trunc('month', t1."invoice_at") AS TIMESTAMP)), t1."invoice_at") AS k0, (CAST(t1."quantity" AS DOUBLE) * t1."unit_price") AS v_m1, t1."quantity" AS v_m2 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL AND CASE WHEN (COALESCE(TRY(CAST(date_trunc('month', t1."invoice_at") AS TIMESTAMP)), t1."invoice_at") BETWEEN TIMESTAMP '2010-12-01 00:00:00' AND TIMESTAMP '2011-12-01 00:00:00') THEN TRUE ELSE FALSE END) AS valued), cells AS (SELECT u, k0, COUNT(*) AS n, COALESCE(SUM(x_m1), 0) AS c_m1, LEAST(GREATEST(COALESCE(SUM(x_m2), 0), -10240000), 10240000) AS c_m2 FROM rows GROUP BY u, k0), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 640000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(640000 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 4 THEN 65536 WHEN COUNT(*) > 256 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(4 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v, CASE WHEN SUM(CAST(c_m2 AS HUGEINT) * CAST(c_m2 AS HUGEINT)) <= 100000000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(100000000 AS DOUBLE) / CAST(SUM(CAST(c_m2 AS HUGEINT) * CAST(c_m2 AS HUGEINT)) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w_m2 FROM cells GROUP BY u) SELECT cells.k0, COALESCE(SUM(owners.v), 0) AS m0, COALESCE(SUM(CAST(owners.w AS HUGEINT) * cells.c_m1), 0) AS m1, COALESCE(SUM(CAST(owners.w_m2 AS HUGEINT) * cells.c_m2), 0) AS m2 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0;
-- answer: month timestamp, customers bigint noisy released, units bigint noisy released, revenue double precision noisy released
SELECT "noisy_1"."k0" AS "month", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "customers", (CAST(ROUND((CAST("noisy_1"."m2" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "units", ((CAST("noisy_1"."m1" AS DOUBLE) / 655360.0)) AS "revenue" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";
