-- title: bands by CASE
-- release noisy_1: k0 text; public groups: 3
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, (CASE WHEN (t1."time_in_hospital" <= 3) THEN 'short' WHEN (t1."time_in_hospital" <= 7) THEN 'medium' ELSE 'long' END) AS k0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: stay text, n bigint noisy released
SELECT "noisy_1"."k0" AS "stay", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: CASE of a value
-- release noisy_1: k0 text; public groups: 3
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, (CASE WHEN (t1."gender" = 'Female') THEN 'F' WHEN (t1."gender" = 'Male') THEN 'M' ELSE CAST(NULL AS VARCHAR) END) AS k0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: sex text, n bigint noisy released
SELECT "noisy_1"."k0" AS "sex", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: a private value against constants is public
-- release noisy_1: k0 text; public groups: 3
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
--   m1: AVG(time_in_hospital), L2 sensitivity 5.19019e+06, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, (CASE WHEN (t1."diag_1" LIKE '250%' ESCAPE '\') THEN 'diabetes' WHEN (t1."diag_1" LIKE '4%' ESCAPE '\') THEN 'other' ELSE 'rest' END) AS k0, CAST(CASE WHEN t1."time_in_hospital" IS NOT NULL THEN LEAST(GREATEST(t1."time_in_hospital", 1), 14) END AS BIGINT) - (7) AS x_m1 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m1), 0) AS m1 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: diagnosis text, n bigint noisy released, days double precision noisy
SELECT "noisy_1"."k0" AS "diagnosis", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n", (LEAST(GREATEST(CAST((("noisy_1"."m1" / NULLIF(CAST(GREATEST("noisy_1"."m0", 65536) AS DOUBLE), 0)) + 7) AS DOUBLE), 1.0), 14.0)) AS "days" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: CASE around a column
-- release noisy_1: k0 text; public groups: 7
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, (CASE WHEN (t1."race" IS NULL) THEN 'unknown' ELSE t1."race" END) AS k0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL AND ((t1."race" IN ('AfricanAmerican', 'Asian', 'Caucasian', 'Hispanic', 'Other')) OR (t1."race" IS NULL))), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: race text, n bigint noisy released
SELECT "noisy_1"."k0" AS "race", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: several indicators
-- release noisy_1: k0 text; public groups: 10
--   m0: SUM(CASE WHEN readmitted = '<30' THEN 1 ELSE 0 END), L2 sensitivity 741455, one is 1/65536
--   m1: SUM(CASE WHEN readmitted = '<30' THEN 1 ELSE 0 END), L2 sensitivity 741455, one is 1/65536
--   m2: SUM(CASE WHEN readmitted = '>30' THEN 1 ELSE 0 END), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."age" AS k0, CAST(CASE WHEN (CASE WHEN (t1."readmitted" = '<30') THEN 1 ELSE 0 END) IS NOT NULL THEN LEAST(GREATEST((CASE WHEN (t1."readmitted" = '<30') THEN 1 ELSE 0 END), 0), 1) END AS BIGINT) AS x_m1, CAST(CASE WHEN (CASE WHEN (t1."readmitted" = '>30') THEN 1 ELSE 0 END) IS NOT NULL THEN LEAST(GREATEST((CASE WHEN (t1."readmitted" = '>30') THEN 1 ELSE 0 END), 0), 1) END AS BIGINT) AS x_m2 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL AND (t1."age" IN ('[0-10)', '[10-20)', '[20-30)', '[30-40)', '[40-50)', '[50-60)', '[60-70)', '[70-80)', '[80-90)', '[90-100)'))), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m1), 0) AS m1, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m2), 0) AS m2 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: age text, soon bigint noisy, later bigint noisy, stays bigint noisy released
SELECT "noisy_1"."k0" AS "age", (CAST(ROUND((CAST(("noisy_1"."m1" + 0 * "noisy_1"."m0") AS DOUBLE) / 65536.0)) AS BIGINT)) AS "soon", (CAST(ROUND((CAST(("noisy_1"."m2" + 0 * "noisy_1"."m0") AS DOUBLE) / 65536.0)) AS BIGINT)) AS "later", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: weights by CASE
-- release noisy_1: no keys; public groups: 1
--   m0: SUM(CASE WHEN insulin = 'No' THEN 0 WHEN insulin = 'Steady' THEN 1 ELSE 2 END), L2 sensitivity 1.04858e+06, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, CAST(CASE WHEN (CASE WHEN (t1."insulin" = 'No') THEN 0 WHEN (t1."insulin" = 'Steady') THEN 1 ELSE 2 END) IS NOT NULL THEN LEAST(GREATEST((CASE WHEN (t1."insulin" = 'No') THEN 0 WHEN (t1."insulin" = 'Steady') THEN 1 ELSE 2 END), 0), 2) END AS BIGINT) AS x_m0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m0), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: score bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "score" FROM "noisy_1" AS "noisy_1";

-- title: CASE over the results
-- release noisy_1: k0 text; public groups: 10
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."age" AS k0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL AND (t1."age" IN ('[0-10)', '[10-20)', '[20-30)', '[30-40)', '[40-50)', '[50-60)', '[60-70)', '[70-80)', '[80-90)', '[90-100)'))), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: age text, size text noisy
SELECT "noisy_1"."k0" AS "age", CASE WHEN (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) > 10000 THEN 'many' ELSE 'few' END AS "size" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: ranges of a price
-- release noisy_1: k0 text; public groups: 3
--   m0: SUM(quantity), L2 sensitivity 6.5536e+08, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u, (CASE WHEN (t1."unit_price" < 1) THEN 'under 1' WHEN (t1."unit_price" < 5) THEN '1 to 5' ELSE '5 and more' END) AS k0, CAST(CASE WHEN t1."quantity" IS NOT NULL THEN LEAST(GREATEST(t1."quantity", -500), 500) END AS BIGINT) AS x_m0 FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL), cells AS (SELECT u, k0, COUNT(*) AS n, LEAST(GREATEST(COALESCE(SUM(x_m0), 0), -10240000), 10240000) AS c_m0 FROM rows GROUP BY u, k0), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 480000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(480000 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN SUM(CAST(c_m0 AS HUGEINT) * CAST(c_m0 AS HUGEINT)) <= 100000000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(100000000 AS DOUBLE) / CAST(SUM(CAST(c_m0 AS HUGEINT) * CAST(c_m0 AS HUGEINT)) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w_m0 FROM cells GROUP BY u) SELECT cells.k0, COALESCE(SUM(CAST(owners.w_m0 AS HUGEINT) * cells.c_m0), 0) AS m0 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0;
-- answer: price text, units bigint noisy released
SELECT "noisy_1"."k0" AS "price", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "units" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";
