-- title: lists in arrays
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE (t1."diag_1" IN ('250', '401')) AND (t1."time_in_hospital" > 1) AND (t1."time_in_hospital" > 2) AND (NOT (t1."diag_2" IN ('427', '428'))) AND ((t1."num_procedures" < 2) OR (t1."num_procedures" < 4)) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: n bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1";

-- title: rows compared
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE (((((t1."gender" = 'Female') AND (t1."race" = 'Asian')) OR (((t1."gender" = 'Male') AND (t1."age" = '[0-10)')) OR ((t1."gender" = 'Male') AND (t1."age" = '[10-20)')))) OR ((t1."time_in_hospital" > 3) OR ((t1."time_in_hospital" = 3) AND (t1."num_procedures" >= 2)))) OR ((t1."diag_1" <> '250') OR (t1."diag_2" <> '401'))) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: n bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1";

-- title: between ends in any order
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
--   m1: SUM(time_in_hospital), L2 sensitivity 1.57286e+06, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, CAST(CASE WHEN t1."time_in_hospital" IS NOT NULL THEN LEAST(GREATEST(t1."time_in_hospital", 3), 9) END AS BIGINT) - (6) AS x_m1 FROM "encounters" AS t1 WHERE (t1."time_in_hospital" BETWEEN 3 AND 9) AND (NOT ((t1."num_procedures" BETWEEN t1."num_medications" AND 2) OR (t1."num_procedures" BETWEEN 2 AND t1."num_medications"))) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m1), 0) AS m1 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: n bigint noisy released, days bigint noisy
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n", (CAST(ROUND((CAST(("noisy_1"."m1" + 6 * "noisy_1"."m0") AS DOUBLE) / 65536.0)) AS BIGINT)) AS "days" FROM "noisy_1" AS "noisy_1";

-- title: how many are missing
-- release noisy_1: k0 integer; public groups: 4
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, (CAST(t1."diag_1" IS NULL AS INTEGER) + CAST(t1."diag_2" IS NULL AS INTEGER) + CAST(t1."race" IS NULL AS INTEGER)) AS k0 FROM "encounters" AS t1 WHERE ((CAST(t1."diag_1" IS NOT NULL AS INTEGER) + CAST(t1."diag_2" IS NOT NULL AS INTEGER)) > 0) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: missing integer, n bigint noisy released
SELECT "noisy_1"."k0" AS "missing", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: NULL among values
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE ((((t1."race" IN ('Asian', NULL)) OR (coalesce(NULL, t1."race") = 'Other')) OR (CASE WHEN (t1."race" = NULL) THEN NULL ELSE t1."race" END IS NULL)) OR (t1."race" IS NOT DISTINCT FROM NULL)) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: n bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1";

-- title: tests of truth
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE ((((t1."race" = 'Asian') IS NULL) OR ((NOT ((t1."race" = 'Other') IS NOT DISTINCT FROM TRUE)) AND ((t1."gender" = 'Male') IS NOT NULL))) OR ((t1."time_in_hospital" > 3) IS NOT DISTINCT FROM FALSE)) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: n bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1";

-- title: casts between types
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE ((((((CASE WHEN regexp_full_match(lower(t1."diag_1"), '\s*[+-]?[0-9]+\s*') THEN TRY_CAST(t1."diag_1" AS INTEGER) END > 250) OR (TRY_CAST(t1."diag_1" AS DECIMAL(10, 2)) = 250.01)) OR TRY_CAST(t1."num_procedures" AS BOOLEAN)) OR (TRY_CAST((t1."time_in_hospital" > 3) AS INTEGER) = 1)) OR (left(t1."age", 1) <> '[')) OR (TRY_CAST(t1."num_procedures" AS VARCHAR) = '3')) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: n bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1";

-- title: casts of moments
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 2.62144e+07, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u FROM "lines" AS t1 WHERE (TRY_CAST(t1."invoice_at" AS VARCHAR) < '2011-05') AND (CASE WHEN regexp_full_match(lower(t1."country"), '\s*[0-9]{4,5}-[0-9]{1,2}-[0-9]{1,2}([ t][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?)?\s*') THEN TRY_CAST(t1."country" AS TIMESTAMP) END IS NULL) AND (TRY_CAST(t1."invoice_at" AS DATE) > DATE '2011-01-01') AND (TRY_CAST(t1."invoice_at" AS TIMESTAMPTZ) < TIMESTAMPTZ '2011-12-01 00:00:00+00') AND t1."customer_id" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."customer_id" AS u, COUNT(*) AS n FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL GROUP BY t1."customer_id" HAVING COUNT(*) > 256) AS totals WHERE n > 400), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 160000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(160000 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: n bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1";

-- title: quoted with dollars
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE ((t1."gender" = 'Male') OR (t1."race" = 'Asian')) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: n bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1";
