-- title: the description of a code
-- release noisy_1: k0 text; public groups: 8
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t2."description" AS k0 FROM "encounters" AS t1 JOIN "admission_types" AS t2 ON (t1."admission_type_id" = t2."admission_type_id") WHERE t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: description text, n bigint noisy released
SELECT "noisy_1"."k0" AS "description", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: USING
-- release noisy_1: k0 text; public groups: 8
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t2."description" AS k0 FROM "encounters" AS t1 JOIN "admission_types" AS t2 ON (t1."admission_type_id" = t2."admission_type_id") WHERE t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: description text, n bigint noisy released
SELECT "noisy_1"."k0" AS "description", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: NATURAL JOIN
-- release noisy_1: k0 bigint; public groups: 8
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."admission_type_id" AS k0 FROM "encounters" AS t1 JOIN "admission_types" AS t2 ON (t1."admission_type_id" = t2."admission_type_id") WHERE t1."patient_nbr" IS NOT NULL AND CASE WHEN (t1."admission_type_id" IN (1, 2, 3, 4, 5, 6, 7, 8)) THEN TRUE ELSE FALSE END), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: admission_type_id bigint, n bigint noisy released
SELECT "noisy_1"."k0" AS "admission_type_id", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: tables separated by commas
-- release noisy_1: k0 text; public groups: 8
--   m0: AVG(e.time_in_hospital), L2 sensitivity 741455, one is 1/65536
--   m1: AVG(e.time_in_hospital), L2 sensitivity 5.19019e+06, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t2."description" AS k0, CAST(CASE WHEN t1."time_in_hospital" IS NOT NULL THEN LEAST(GREATEST(t1."time_in_hospital", 1), 14) END AS BIGINT) - (7) AS x_m1 FROM "encounters" AS t1 JOIN "admission_types" AS t2 ON (t1."admission_type_id" = t2."admission_type_id") WHERE t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m1), 0) AS m1 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: description text, days double precision noisy
SELECT "noisy_1"."k0" AS "description", (LEAST(GREATEST(CAST((("noisy_1"."m1" / NULLIF(CAST(GREATEST("noisy_1"."m0", 65536) AS DOUBLE), 0)) + 7) AS DOUBLE), 1.0), 14.0)) AS "days" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: an outer join keeps the protected rows
-- release noisy_1: k0 text; public groups: 31
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t3."c1" AS k0 FROM "encounters" AS t1 LEFT JOIN (SELECT t2."discharge_disposition_id" AS "c0", t2."description" AS "c1" FROM "discharge_dispositions" AS t2) AS t3 ON ((t1."discharge_disposition_id" = t3."c0") AND (t3."c1" LIKE '%home%' ESCAPE '\')) WHERE t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: description text, n bigint noisy released
SELECT "noisy_1"."k0" AS "description", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: the protected table on the right, kept by RIGHT JOIN
-- release noisy_1: k0 text; public groups: 25
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t3."c1" AS k0 FROM "encounters" AS t1 LEFT JOIN (SELECT t2."admission_source_id" AS "c0", t2."description" AS "c1" FROM "admission_sources" AS t2) AS t3 ON (t3."c0" = t1."admission_source_id") WHERE t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: description text, n bigint noisy released
SELECT "noisy_1"."k0" AS "description", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: three tables
-- release noisy_1: k0 text, k1 text; public groups: 6
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t2."description" AS k0, t3."description" AS k1 FROM "encounters" AS t1 JOIN "admission_types" AS t2 ON (t2."admission_type_id" = t1."admission_type_id") JOIN "admission_sources" AS t3 ON (t3."admission_source_id" = t1."admission_source_id") WHERE (t2."description" IN ('Emergency', 'Urgent')) AND (t3."description" LIKE '%Referral%' ESCAPE '\') AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, k1, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0, k1) GROUP BY u) SELECT rows.k0, rows.k1, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0, rows.k1;
-- answer: type text, source text, n bigint noisy released
SELECT "noisy_1"."k0" AS "type", "noisy_1"."k1" AS "source", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0", "noisy_1"."k1";

-- title: a condition on the public table
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 JOIN "discharge_dispositions" AS t2 ON (t2."discharge_disposition_id" = t1."discharge_disposition_id") WHERE (t2."description" ILIKE '%expired%' ESCAPE '\') AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: n bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1";

-- title: a join that multiplies rows is bounded by weights
-- release noisy_1: k0 bigint; public groups: 8
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t2."admission_type_id" AS k0 FROM "encounters" AS t1 JOIN "admission_types" AS t2 ON (t1."admission_type_id" <= t2."admission_type_id") WHERE t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: admission_type_id bigint, n bigint noisy released
SELECT "noisy_1"."k0" AS "admission_type_id", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: a cross join
-- release noisy_1: k0 text; public groups: 8
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t2."description" AS k0 FROM "encounters" AS t1 JOIN "admission_types" AS t2 ON TRUE WHERE t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: description text, n bigint noisy released
SELECT "noisy_1"."k0" AS "description", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: a filtered sub-select of a public table
-- release noisy_1: k0 text; public groups: 3
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, upper(t2."description") AS k0 FROM "encounters" AS t1 JOIN "admission_types" AS t2 ON (t2."admission_type_id" = t1."admission_type_id") WHERE (t2."admission_type_id" < 4) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: description text, n bigint noisy released
SELECT "noisy_1"."k0" AS "description", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: results joined with a public table
-- release noisy_1: k0 bigint; public groups: 8
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."admission_type_id" AS k0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL AND CASE WHEN (t1."admission_type_id" IN (1, 2, 3, 4, 5, 6, 7, 8)) THEN TRUE ELSE FALSE END), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: description text, n bigint noisy released
SELECT "t"."description" AS "description", "r"."n" AS "n" FROM (SELECT "noisy_1"."k0" AS "admission_type_id", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0") AS "r" JOIN "public_admission_types" AS "t" ON "t"."admission_type_id" = "r"."admission_type_id" ORDER BY "t"."description";
