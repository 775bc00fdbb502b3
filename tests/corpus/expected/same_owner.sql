-- title: above the owner's own average
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE (t1."time_in_hospital" > (SELECT (CAST(SUM(t2."time_in_hospital") AS DOUBLE) / NULLIF(COUNT(t2."time_in_hospital"), 0)) FROM "encounters" AS t2 WHERE ((t2."patient_nbr" = t1."patient_nbr") AND (t1."patient_nbr" = t2."patient_nbr")))) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: long_stays bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "long_stays" FROM "noisy_1" AS "noisy_1";

-- title: a count is 0 where there is no row
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE ((SELECT COUNT(*) FROM "encounters" AS t2 WHERE (t2."readmitted" = '<30') AND ((t2."patient_nbr" = t1."patient_nbr") AND (t1."patient_nbr" = t2."patient_nbr"))) = 0) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: stays bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays" FROM "noisy_1" AS "noisy_1";

-- title: tied by more than the owner
-- release noisy_1: k0 text; public groups: 38
--   m0: COUNT(*), L2 sensitivity 5.24288e+07, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u, t1."country" AS k0 FROM "lines" AS t1 WHERE (t1."quantity" > (CAST(2 AS DOUBLE) * (SELECT (CAST(SUM(t2."quantity") AS DOUBLE) / NULLIF(COUNT(t2."quantity"), 0)) FROM "lines" AS t2 WHERE ((t2."customer_id" = t1."customer_id") AND (t2."stock_code" = t1."stock_code") AND (t2."invoice_at" < t1."invoice_at") AND (t1."customer_id" = t2."customer_id"))))) AND t1."customer_id" IS NOT NULL AND (t1."country" IN ('Australia', 'Austria', 'Bahrain', 'Belgium', 'Brazil', 'Canada', 'Channel Islands', 'Cyprus', 'Czech Republic', 'Denmark', 'EIRE', 'European Community', 'Finland', 'France', 'Germany', 'Greece', 'Hong Kong', 'Iceland', 'Israel', 'Italy', 'Japan', 'Lebanon', 'Lithuania', 'Malta', 'Netherlands', 'Norway', 'Poland', 'Portugal', 'RSA', 'Saudi Arabia', 'Singapore', 'Spain', 'Sweden', 'Switzerland', 'USA', 'United Arab Emirates', 'United Kingdom', 'Unspecified'))), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 800), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 640000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(640000 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: country text, lines bigint noisy released
SELECT "noisy_1"."k0" AS "country", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "lines" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: in the SELECT list of a subquery
-- release noisy_1: no keys; public groups: 1
--   m0: AVG(more), L2 sensitivity 524288, one is 1/65536
--   m1: AVG(more), L2 sensitivity 6.81574e+06, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, ((SELECT TRY(t1."time_in_hospital" - s.a1) FROM (SELECT (SELECT MIN(t2."time_in_hospital") FROM "encounters" AS t2 WHERE ((t2."patient_nbr" = t1."patient_nbr") AND (t1."patient_nbr" = t2."patient_nbr"))) AS a1) AS s) IS NOT NULL) AS x_m0, CAST(CASE WHEN (SELECT TRY(t1."time_in_hospital" - s.a1) FROM (SELECT (SELECT MIN(t2."time_in_hospital") FROM "encounters" AS t2 WHERE ((t2."patient_nbr" = t1."patient_nbr") AND (t1."patient_nbr" = t2."patient_nbr"))) AS a1) AS s) IS NOT NULL THEN LEAST(GREATEST((SELECT TRY(t1."time_in_hospital" - s.a1) FROM (SELECT (SELECT MIN(t2."time_in_hospital") FROM "encounters" AS t2 WHERE ((t2."patient_nbr" = t1."patient_nbr") AND (t1."patient_nbr" = t2."patient_nbr"))) AS a1) AS s), -13), 13) END AS BIGINT) AS x_m1 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(CASE WHEN rows.x_m0 THEN COALESCE(weights.w, 65536) END), 0) AS m0, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m1), 0) AS m1 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: more double precision noisy
SELECT (LEAST(GREATEST(CAST((("noisy_1"."m1" / NULLIF(CAST(GREATEST("noisy_1"."m0", 65536) AS DOUBLE), 0)) + 0) AS DOUBLE), -13.0), 13.0)) AS "more" FROM "noisy_1" AS "noisy_1";

-- title: arithmetic, COALESCE and FILTER around it
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 2.62144e+07, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u FROM "lines" AS t1 WHERE (t1."quantity" > 0) AND (coalesce((SELECT TRY(- s.a0) FROM (SELECT (SELECT TRY_CAST(SUM((CASE WHEN (t2."quantity" < 0) THEN t2."quantity" ELSE CAST(NULL AS BIGINT) END)) AS BIGINT) FROM "lines" AS t2 WHERE ((t2."customer_id" = t1."customer_id") AND (t2."stock_code" = t1."stock_code") AND (t1."customer_id" = t2."customer_id"))) AS a0) AS s), 0) > t1."quantity") AND t1."customer_id" IS NOT NULL), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 400), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 160000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(160000 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: lines bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "lines" FROM "noisy_1" AS "noisy_1";

-- title: how long since the purchase before
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 2.62144e+07, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u FROM "lines" AS t1 WHERE (t1."stock_code" = '85123A') AND (SELECT (s.a0 > TRY(CAST(90 AS BIGINT) * CAST(86400 AS BIGINT))) FROM (SELECT (SELECT (TRY(date_diff('microsecond', s.a1, t1."invoice_at")) / 1000000.0::DOUBLE) FROM (SELECT (SELECT MAX(t2."invoice_at") FROM "lines" AS t2 WHERE ((t2."customer_id" = t1."customer_id") AND (t2."invoice_at" < t1."invoice_at") AND (t1."customer_id" = t2."customer_id"))) AS a1) AS s) AS a0) AS s) AND t1."customer_id" IS NOT NULL), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 400), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 160000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(160000 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: lines bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "lines" FROM "noisy_1" AS "noisy_1";

-- title: grouped by the number
-- release noisy_1: k0 bigint; public groups: 9
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, (SELECT COUNT(*) FROM "encounters" AS t2 WHERE ((t2."patient_nbr" = t1."patient_nbr") AND (t2."time_in_hospital" > t1."time_in_hospital") AND (t1."patient_nbr" = t2."patient_nbr"))) AS k0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL AND ((SELECT COUNT(*) FROM "encounters" AS t2 WHERE ((t2."patient_nbr" = t1."patient_nbr") AND (t2."time_in_hospital" > t1."time_in_hospital") AND (t1."patient_nbr" = t2."patient_nbr"))) BETWEEN 0 AND 8)), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: others bigint, stays bigint noisy released
SELECT "noisy_1"."k0" AS "others", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: over groups of the owner
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 1, one is 1
WITH rows AS (SELECT t2."c0" AS u FROM (SELECT t1."patient_nbr" AS "c0", COUNT(*) AS "c1" FROM "encounters" AS t1 GROUP BY 1) AS t2 WHERE (SELECT (s.a0 > TRY(CAST(3 AS BIGINT) * t2."c1")) FROM (SELECT (SELECT TRY_CAST(SUM(t3."num_procedures") AS BIGINT) FROM "encounters" AS t3 WHERE ((t3."patient_nbr" = t2."c0") AND (t2."c0" = t3."patient_nbr"))) AS a0) AS s) AND t2."c0" IS NOT NULL) SELECT COUNT(*) AS m0 FROM rows;
-- answer: patients bigint noisy released
SELECT (CAST("noisy_1"."m0" AS BIGINT)) AS "patients" FROM "noisy_1" AS "noisy_1";

-- title: two beside one another
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE (t1."num_medications" > (SELECT (CAST(SUM(t2."num_medications") AS DOUBLE) / NULLIF(COUNT(t2."num_medications"), 0)) FROM "encounters" AS t2 WHERE ((t2."patient_nbr" = t1."patient_nbr") AND (t1."patient_nbr" = t2."patient_nbr")))) AND (t1."num_procedures" >= (SELECT MAX(t2."num_procedures") FROM "encounters" AS t2 WHERE ((t1."patient_nbr" = t2."patient_nbr") AND (t1."patient_nbr" = t2."patient_nbr")))) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: stays bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays" FROM "noisy_1" AS "noisy_1";

-- title: one within another
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE (t1."num_medications" > (SELECT (CAST(SUM(t2."num_medications") AS DOUBLE) / NULLIF(COUNT(t2."num_medications"), 0)) FROM "encounters" AS t2 WHERE (t2."num_procedures" > (SELECT MIN(t3."num_procedures") FROM "encounters" AS t3 WHERE ((t3."patient_nbr" = t2."patient_nbr") AND (t2."patient_nbr" = t3."patient_nbr")))) AND ((t2."patient_nbr" = t1."patient_nbr") AND (t1."patient_nbr" = t2."patient_nbr")))) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: stays bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays" FROM "noisy_1" AS "noisy_1";

-- title: a parameter inside
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE ((SELECT TRY(s.a0 * CAST(2 AS BIGINT)) FROM (SELECT (SELECT COUNT(*) FROM "encounters" AS t2 WHERE (t2."insulin" = 'Up') AND ((t2."patient_nbr" = t1."patient_nbr") AND (t1."patient_nbr" = t2."patient_nbr"))) AS a0) AS s) > 3) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: stays bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays" FROM "noisy_1" AS "noisy_1";

-- title: joined with a public table inside
-- release noisy_1: k0 text; public groups: 10
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, t1."age" AS k0 FROM "encounters" AS t1 WHERE ((SELECT COUNT(DISTINCT t3."description") FROM "encounters" AS t2 JOIN "admission_types" AS t3 ON (t2."admission_type_id" = t3."admission_type_id") WHERE (t3."description" IS NOT NULL) AND ((t2."patient_nbr" = t1."patient_nbr") AND (t1."patient_nbr" = t2."patient_nbr"))) >= 2) AND t1."patient_nbr" IS NOT NULL AND (t1."age" IN ('[0-10)', '[10-20)', '[20-30)', '[30-40)', '[40-50)', '[50-60)', '[60-70)', '[70-80)', '[80-90)', '[90-100)'))), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: age text, stays bigint noisy released
SELECT "noisy_1"."k0" AS "age", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: in an aggregate
-- release noisy_1: no keys; public groups: 1
--   m0: AVG(CASE WHEN time_in_hospital = (SELECT MAX(time_in_hospital) FROM encounters AS b WHERE b.patient_nbr = a.patient_nbr) THEN 1 ELSE 0 END), L2 sensitivity 524288, one is 1/65536
--   m1: AVG(CASE WHEN time_in_hospital = (SELECT MAX(time_in_hospital) FROM encounters AS b WHERE b.patient_nbr = a.patient_nbr) THEN 1 ELSE 0 END), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, CAST(CASE WHEN (CASE WHEN (t1."time_in_hospital" = (SELECT MAX(t2."time_in_hospital") FROM "encounters" AS t2 WHERE ((t2."patient_nbr" = t1."patient_nbr") AND (t1."patient_nbr" = t2."patient_nbr")))) THEN 1 ELSE 0 END) IS NOT NULL THEN LEAST(GREATEST((CASE WHEN (t1."time_in_hospital" = (SELECT MAX(t2."time_in_hospital") FROM "encounters" AS t2 WHERE ((t2."patient_nbr" = t1."patient_nbr") AND (t1."patient_nbr" = t2."patient_nbr")))) THEN 1 ELSE 0 END), 0), 1) END AS BIGINT) AS x_m1 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0, COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m1), 0) AS m1 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: share double precision noisy
SELECT (LEAST(GREATEST(CAST((("noisy_1"."m1" / NULLIF(CAST(GREATEST("noisy_1"."m0", 65536) AS DOUBLE), 0)) + 0) AS DOUBLE), 0.0), 1.0)) AS "share" FROM "noisy_1" AS "noisy_1";

-- title: a test in arithmetic
-- release noisy_1: no keys; public groups: 1
--   m0: SUM(days), L2 sensitivity 7.34003e+06, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, CAST(CASE WHEN (SELECT TRY(t1."time_in_hospital" * CAST(s.a1 AS BIGINT)) FROM (SELECT (CASE WHEN EXISTS (SELECT 1 FROM "encounters" AS t2 WHERE (t2."insulin" = 'Up') AND ((t2."patient_nbr" = t1."patient_nbr") AND (t1."patient_nbr" = t2."patient_nbr"))) THEN 1 ELSE 0 END) AS a1) AS s) IS NOT NULL THEN LEAST(GREATEST((SELECT TRY(t1."time_in_hospital" * CAST(s.a1 AS BIGINT)) FROM (SELECT (CASE WHEN EXISTS (SELECT 1 FROM "encounters" AS t2 WHERE (t2."insulin" = 'Up') AND ((t2."patient_nbr" = t1."patient_nbr") AND (t1."patient_nbr" = t2."patient_nbr"))) THEN 1 ELSE 0 END) AS a1) AS s), 0), 14) END AS BIGINT) AS x_m0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536) * rows.x_m0), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: days bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "days" FROM "noisy_1" AS "noisy_1";

-- title: a window beside a subquery, and a subquery inside a window
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t2."c1" AS u FROM (SELECT t1."encounter_id" AS "c0", t1."patient_nbr" AS "c1", t1."race" AS "c2", t1."gender" AS "c3", t1."age" AS "c4", t1."weight" AS "c5", t1."admission_type_id" AS "c6", t1."discharge_disposition_id" AS "c7", t1."admission_source_id" AS "c8", t1."time_in_hospital" AS "c9", t1."payer_code" AS "c10", t1."medical_specialty" AS "c11", t1."num_lab_procedures" AS "c12", t1."num_procedures" AS "c13", t1."num_medications" AS "c14", t1."number_outpatient" AS "c15", t1."number_emergency" AS "c16", t1."number_inpatient" AS "c17", t1."diag_1" AS "c18", t1."diag_2" AS "c19", t1."diag_3" AS "c20", t1."number_diagnoses" AS "c21", t1."max_glu_serum" AS "c22", t1."a1cresult" AS "c23", t1."metformin" AS "c24", t1."repaglinide" AS "c25", t1."glimepiride" AS "c26", t1."glipizide" AS "c27", t1."glyburide" AS "c28", t1."pioglitazone" AS "c29", t1."rosiglitazone" AS "c30", t1."insulin" AS "c31", t1."change" AS "c32", t1."diabetesmed" AS "c33", t1."readmitted" AS "c34", TRY_CAST(SUM((SELECT TRY(t1."num_procedures" - s.a1) FROM (SELECT (SELECT MIN(t2."num_procedures") FROM "encounters" AS t2 WHERE ((t2."patient_nbr" = t1."patient_nbr") AND (t1."patient_nbr" = t2."patient_nbr"))) AS a1) AS s)) OVER (PARTITION BY t1."patient_nbr") AS BIGINT) AS "c35" FROM "encounters" AS t1) AS t2 WHERE (t2."c35" > 4) AND t2."c1" IS NOT NULL), heavy AS (SELECT u FROM rows GROUP BY u HAVING COUNT(*) > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: stays bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "stays" FROM "noisy_1" AS "noisy_1";

-- title: per owner, of the difference to the owner's own
-- release noisy_1: no keys; public groups: 1
--   m0: AVG(more), L2 sensitivity 1, one is 1
--   m1: AVG(more), L2 sensitivity 5000, one is 1
WITH rows AS (SELECT t2."c0" AS u, CAST(CASE WHEN t2."c1" IS NOT NULL THEN LEAST(GREATEST(t2."c1", -10000), 0) END AS BIGINT) - (-5000) AS x_m1 FROM (SELECT t1."customer_id" AS "c0", TRY_CAST(SUM((SELECT TRY(t1."quantity" - s.a1) FROM (SELECT (SELECT MAX(t2."quantity") FROM "lines" AS t2 WHERE ((t2."customer_id" = t1."customer_id") AND (t1."customer_id" = t2."customer_id"))) AS a1) AS s)) AS BIGINT) AS "c1" FROM "lines" AS t1 WHERE (t1."country" = 'France') GROUP BY 1) AS t2 WHERE (t2."c1" BETWEEN (-10000) AND 0) AND t2."c0" IS NOT NULL) SELECT COUNT(*) AS m0, COALESCE(SUM(x_m1), 0) AS m1 FROM rows;
-- answer: more double precision noisy
SELECT (LEAST(GREATEST(CAST((("noisy_1"."m1" / NULLIF(CAST(GREATEST("noisy_1"."m0", 1) AS DOUBLE), 0)) + -5000) AS DOUBLE), -10000.0), 0.0)) AS "more" FROM "noisy_1" AS "noisy_1";
