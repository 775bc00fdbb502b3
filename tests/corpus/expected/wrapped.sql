-- title: a sub-select that chooses rows and columns
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE (t1."gender" = 'Female') AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: n bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1";

-- title: a sub-select with computed columns
-- release noisy_1: k0 boolean; public groups: 2
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, (t1."time_in_hospital" > 7) AS k0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL AND CASE WHEN ((t1."time_in_hospital" > 7) IN (FALSE, TRUE)) THEN TRUE ELSE FALSE END), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: long boolean, n bigint noisy released
SELECT "noisy_1"."k0" AS "long", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: a column redefined under its old name has the new meaning
-- release noisy_1: no keys; public groups: 1
--   m0: SUM(time_in_hospital), L2 sensitivity 1.76161e+08, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, CAST(CASE WHEN TRY(t1."time_in_hospital" * CAST(24 AS BIGINT)) IS NOT NULL THEN LEAST(GREATEST(TRY(t1."time_in_hospital" * CAST(24 AS BIGINT)), 24), 336) END AS BIGINT) AS x_m0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m0), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: days bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "days" FROM "noisy_1" AS "noisy_1";

-- title: a tool's wrapper around results
-- release noisy_1: k0 text; public groups: 10
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."age" AS k0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL AND CASE WHEN (t1."age" IN ('[0-10)', '[10-20)', '[20-30)', '[30-40)', '[40-50)', '[50-60)', '[60-70)', '[70-80)', '[80-90)', '[90-100)')) THEN TRUE ELSE FALSE END), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: age text, n bigint noisy released
SELECT "t"."age" AS "age", "t"."n" AS "n" FROM (SELECT "noisy_1"."k0" AS "age", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0") AS "t" LIMIT 1000;

-- title: quoted aliases with capitals and spaces
-- release noisy_1: k0 text; public groups: 10
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."age" AS k0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL AND CASE WHEN (t1."age" IN ('[0-10)', '[10-20)', '[20-30)', '[30-40)', '[40-50)', '[50-60)', '[60-70)', '[70-80)', '[80-90)', '[90-100)')) THEN TRUE ELSE FALSE END), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: Age Group text, Sum of Stays numeric noisy
SELECT "virtual_table"."Age Group" AS "Age Group", SUM("virtual_table"."Stays") AS "Sum of Stays" FROM (SELECT "noisy_1"."k0" AS "Age Group", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "Stays" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0") AS "virtual_table" GROUP BY "virtual_table"."Age Group" ORDER BY "Sum of Stays" DESC NULLS FIRST LIMIT 10000;

-- title: three levels
-- release noisy_1: k0 text, k1 text; public groups: 30
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."age" AS k0, t1."gender" AS k1 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL AND CASE WHEN (t1."age" IN ('[0-10)', '[10-20)', '[20-30)', '[30-40)', '[40-50)', '[50-60)', '[60-70)', '[70-80)', '[80-90)', '[90-100)')) THEN TRUE ELSE FALSE END AND CASE WHEN (t1."gender" IN ('Female', 'Male', 'Unknown/Invalid')) THEN TRUE ELSE FALSE END), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, k1, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0, k1) GROUP BY u) SELECT rows.k0, rows.k1, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0, rows.k1;
-- answer: largest bigint noisy
SELECT MAX("b"."n") AS "largest" FROM (SELECT "a"."n" AS "n" FROM (SELECT "noisy_1"."k0" AS "age", "noisy_1"."k1" AS "gender", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0", "noisy_1"."k1") AS "a" WHERE "a"."n" > 10) AS "b";

-- title: an average of the groups' averages
-- release noisy_1: k0 text; public groups: 10
--   m0: AVG(time_in_hospital), L2 sensitivity 741455, one is 1/65536
--   m1: AVG(time_in_hospital), L2 sensitivity 5.19019e+06, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."age" AS k0, CAST(CASE WHEN t1."time_in_hospital" IS NOT NULL THEN LEAST(GREATEST(t1."time_in_hospital", 1), 14) END AS BIGINT) - (7) AS x_m1 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL AND CASE WHEN (t1."age" IN ('[0-10)', '[10-20)', '[20-30)', '[30-40)', '[40-50)', '[50-60)', '[60-70)', '[70-80)', '[80-90)', '[90-100)')) THEN TRUE ELSE FALSE END), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m1), 0) AS m1 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: mean_of_means double precision noisy
SELECT AVG("t"."days") AS "mean_of_means" FROM (SELECT "noisy_1"."k0" AS "age", (LEAST(GREATEST(CAST((("noisy_1"."m1" / NULLIF(CAST(GREATEST("noisy_1"."m0", 65536) AS DOUBLE), 0)) + 7) AS DOUBLE), 1.0), 14.0)) AS "days" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0") AS "t";

-- title: a wrapper with aggregates inside and out
-- release noisy_1: k0 timestamp; public groups: 13
--   m0: SUM(quantity), L2 sensitivity 6.5536e+08, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u, COALESCE(TRY(CAST(date_trunc('month', t1."invoice_at") AS TIMESTAMP)), t1."invoice_at") AS k0, CAST(CASE WHEN t1."quantity" IS NOT NULL THEN LEAST(GREATEST(t1."quantity", -500), 500) END AS BIGINT) AS x_m0 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL AND CASE WHEN (COALESCE(TRY(CAST(date_trunc('month', t1."invoice_at") AS TIMESTAMP)), t1."invoice_at") BETWEEN TIMESTAMP '2010-12-01 00:00:00' AND TIMESTAMP '2011-12-01 00:00:00') THEN TRUE ELSE FALSE END), cells AS (SELECT u, k0, COUNT(*) AS n, LEAST(GREATEST(COALESCE(SUM(x_m0), 0), -10240000), 10240000) AS c_m0 FROM rows GROUP BY u, k0), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 640000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(640000 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 4 THEN 65536 WHEN COUNT(*) > 256 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(4 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v, CASE WHEN SUM(CAST(c_m0 AS HUGEINT) * CAST(c_m0 AS HUGEINT)) <= 100000000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(100000000 AS DOUBLE) / CAST(SUM(CAST(c_m0 AS HUGEINT) * CAST(c_m0 AS HUGEINT)) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w_m0 FROM cells GROUP BY u) SELECT cells.k0, COALESCE(SUM(CAST(owners.w_m0 AS HUGEINT) * cells.c_m0), 0) AS m0 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0;
-- answer: units double precision noisy, months bigint noisy
SELECT AVG("monthly"."units") AS "units", COUNT(*) AS "months" FROM (SELECT "noisy_1"."k0" AS "month", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "units" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0") AS "monthly";

-- title: columns renamed by the alias of the table
-- release noisy_1: k0 text; public groups: 10
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."age" AS k0 FROM "encounters" AS t1 WHERE (t1."gender" = 'Male') AND t1."patient_nbr" IS NOT NULL AND CASE WHEN (t1."age" IN ('[0-10)', '[10-20)', '[20-30)', '[30-40)', '[40-50)', '[50-60)', '[60-70)', '[70-80)', '[80-90)', '[90-100)')) THEN TRUE ELSE FALSE END), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: a text, n bigint noisy released
SELECT "noisy_1"."k0" AS "a", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: parentheses
-- release noisy_1: k0 text; public groups: 3
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."gender" AS k0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL AND CASE WHEN (t1."gender" IN ('Female', 'Male', 'Unknown/Invalid')) THEN TRUE ELSE FALSE END), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: gender text, n bigint noisy released
SELECT "noisy_1"."k0" AS "gender", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";
