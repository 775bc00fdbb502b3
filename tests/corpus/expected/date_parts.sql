-- title: hours of the day
-- release noisy_1: k0 bigint; public groups: 25
--   m0: COUNT(*), L2 sensitivity 5.24288e+07, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u, TRY(date_part('hour', t1."invoice_at")) AS k0 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."customer_id" AS u, COUNT(*) AS n FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL GROUP BY t1."customer_id" HAVING COUNT(*) > 512) AS totals WHERE n > 800), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 640000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(640000 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: hour bigint, n bigint noisy released
SELECT "noisy_1"."k0" AS "hour", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: days of the week
-- release noisy_1: k0 bigint; public groups: 8
--   m0: COUNT(*), L2 sensitivity 5.24288e+07, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u, TRY(date_part('dow', t1."invoice_at")) AS k0 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."customer_id" AS u, COUNT(*) AS n FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL GROUP BY t1."customer_id" HAVING COUNT(*) > 512) AS totals WHERE n > 800), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 640000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(640000 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: day bigint, n bigint noisy released
SELECT "noisy_1"."k0" AS "day", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: months
-- release noisy_1: k0 timestamp; public groups: 13
--   m0: COUNT(*), L2 sensitivity 5.24288e+07, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u, COALESCE(TRY(CAST(date_trunc('month', t1."invoice_at") AS TIMESTAMP)), t1."invoice_at") AS k0 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL AND CASE WHEN (COALESCE(TRY(CAST(date_trunc('month', t1."invoice_at") AS TIMESTAMP)), t1."invoice_at") BETWEEN TIMESTAMP '2010-12-01 00:00:00' AND TIMESTAMP '2011-12-01 00:00:00') THEN TRUE ELSE FALSE END), heavy AS (SELECT u FROM (SELECT t1."customer_id" AS u, COUNT(*) AS n FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL GROUP BY t1."customer_id" HAVING COUNT(*) > 512) AS totals WHERE n > 800), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 640000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(640000 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: month timestamp, n bigint noisy released
SELECT "noisy_1"."k0" AS "month", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: weeks of one quarter
-- release noisy_1: k0 timestamp; public groups: 14
--   m0: COUNT(*), L2 sensitivity 5.24288e+07, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u, COALESCE(TRY(CAST(date_trunc('week', t1."invoice_at") AS TIMESTAMP)), t1."invoice_at") AS k0 FROM "lines" AS t1 WHERE (t1."invoice_at" >= TIMESTAMP '2011-01-01 00:00:00') AND (t1."invoice_at" < TIMESTAMP '2011-04-01 00:00:00') AND t1."customer_id" IS NOT NULL AND CASE WHEN (COALESCE(TRY(CAST(date_trunc('week', t1."invoice_at") AS TIMESTAMP)), t1."invoice_at") BETWEEN TIMESTAMP '2010-12-27 00:00:00' AND TIMESTAMP '2011-03-28 00:00:00') THEN TRUE ELSE FALSE END), heavy AS (SELECT u FROM (SELECT t1."customer_id" AS u, COUNT(*) AS n FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL GROUP BY t1."customer_id" HAVING COUNT(*) > 512) AS totals WHERE n > 800), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 640000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(640000 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: week timestamp, n bigint noisy released
SELECT "noisy_1"."k0" AS "week", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: days of one month
-- release noisy_1: k0 timestamp; public groups: 30
--   m0: SUM(quantity), L2 sensitivity 6.5536e+08, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u, COALESCE(TRY(CAST(date_trunc('day', t1."invoice_at") AS TIMESTAMP)), t1."invoice_at") AS k0, CAST(CASE WHEN t1."quantity" IS NOT NULL THEN LEAST(GREATEST(t1."quantity", -500), 500) END AS BIGINT) AS x_m0 FROM "lines" AS t1 WHERE (t1."invoice_at" BETWEEN TIMESTAMP '2011-11-01 00:00:00' AND TIMESTAMP '2011-11-30 00:00:00') AND t1."customer_id" IS NOT NULL AND CASE WHEN (COALESCE(TRY(CAST(date_trunc('day', t1."invoice_at") AS TIMESTAMP)), t1."invoice_at") BETWEEN TIMESTAMP '2011-11-01 00:00:00' AND TIMESTAMP '2011-11-30 00:00:00') THEN TRUE ELSE FALSE END), cells AS (SELECT u, k0, COUNT(*) AS n, LEAST(GREATEST(COALESCE(SUM(x_m0), 0), -10240000), 10240000) AS c_m0 FROM rows GROUP BY u, k0), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 640000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(640000 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 4 THEN 65536 WHEN COUNT(*) > 256 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(4 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v, CASE WHEN SUM(CAST(c_m0 AS HUGEINT) * CAST(c_m0 AS HUGEINT)) <= 100000000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(100000000 AS DOUBLE) / CAST(SUM(CAST(c_m0 AS HUGEINT) * CAST(c_m0 AS HUGEINT)) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w_m0 FROM cells GROUP BY u) SELECT cells.k0, COALESCE(SUM(CAST(owners.w_m0 AS HUGEINT) * cells.c_m0), 0) AS m0 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0;
-- answer: day timestamp, units bigint noisy released
SELECT "noisy_1"."k0" AS "day", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "units" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: years and quarters
-- release noisy_1: k0 bigint, k1 bigint; public groups: 15
--   m0: COUNT(*), L2 sensitivity 5.24288e+07, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u, TRY(date_part('quarter', t1."invoice_at")) AS k0, TRY(date_part('year', t1."invoice_at")) AS k1 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL AND CASE WHEN ((TRY(date_part('year', t1."invoice_at")) BETWEEN 2010 AND 2011) OR (TRY(date_part('year', t1."invoice_at")) IS NULL)) THEN TRUE ELSE FALSE END), heavy AS (SELECT u FROM (SELECT t1."customer_id" AS u, COUNT(*) AS n FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL GROUP BY t1."customer_id" HAVING COUNT(*) > 512) AS totals WHERE n > 800), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 640000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(640000 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, k1, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0, k1) GROUP BY u) SELECT rows.k0, rows.k1, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0, rows.k1;
-- answer: year bigint, quarter bigint, n bigint noisy released
SELECT "noisy_1"."k1" AS "year", "noisy_1"."k0" AS "quarter", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k1", "noisy_1"."k0";

-- title: the date of a moment
-- release noisy_1: k0 date; private groups, threshold on m0
--   m0: owners in the group, L2 sensitivity 131072, one is 1/65536
--   m1: COUNT(*), L2 sensitivity 5.24288e+07, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u, TRY_CAST(t1."invoice_at" AS DATE) AS k0 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL AND CASE WHEN ((TRY_CAST(t1."invoice_at" AS DATE) BETWEEN DATE '0001-01-01' AND DATE '9999-12-31') OR (TRY_CAST(t1."invoice_at" AS DATE) IS NULL)) THEN TRUE ELSE FALSE END), cells AS (SELECT u, k0, COUNT(*) AS n FROM rows GROUP BY u, k0), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 640000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(640000 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 4 THEN 65536 WHEN COUNT(*) > 256 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(4 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v FROM cells GROUP BY u) SELECT cells.k0, COALESCE(SUM(owners.v), 0) AS m0, COALESCE(SUM(CAST(owners.w AS HUGEINT) * cells.n), 0) AS m1 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0;
-- answer: day date, n bigint noisy released
SELECT "noisy_1"."k0" AS "day", (CAST(ROUND((CAST("noisy_1"."m1" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: weekend or not
-- release noisy_1: k0 boolean; public groups: 3
--   m0: COUNT(*), L2 sensitivity 4.54047e+07, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u, (TRY(date_part('isodow', t1."invoice_at")) >= 6) AS k0 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."customer_id" AS u, COUNT(*) AS n FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL GROUP BY t1."customer_id" HAVING COUNT(*) > 512) AS totals WHERE n > 692), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 480000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(480000 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: weekend boolean, n bigint noisy released
SELECT "noisy_1"."k0" AS "weekend", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: other parts
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 2.62144e+07, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u FROM "lines" AS t1 WHERE (TRY(date_part('doy', t1."invoice_at")) > 100) AND (TRY(date_part('week', t1."invoice_at")) < 50) AND (TRY(date_part('isoyear', t1."invoice_at")) = 2011) AND (TRY(date_part('minute', t1."invoice_at")) < 30) AND (TRY(date_part('month', t1."invoice_at")) <> 7) AND (TRY(date_part('day', t1."invoice_at")) <= 15) AND t1."customer_id" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."customer_id" AS u, COUNT(*) AS n FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL GROUP BY t1."customer_id" HAVING COUNT(*) > 256) AS totals WHERE n > 400), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 160000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(160000 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: n bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1";
