-- title: cases of letters
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 2.62144e+07, one is 1/65536
WITH rows AS (SELECT t1."customer_id" AS u FROM "lines" AS t1 WHERE ((upper(t1."country") = 'FRANCE') OR (array_to_string(list_transform(regexp_extract_all(lower(lower(t1."country")), '[\p{L}\p{Nd}]+|[^\p{L}\p{Nd}]+'), lambda w: upper(left(w, 1)) || substring(w, 2)), '') = 'Channel Islands')) AND t1."customer_id" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."customer_id" AS u, COUNT(*) AS n FROM "lines" AS t1 WHERE t1."customer_id" IS NOT NULL GROUP BY t1."customer_id" HAVING COUNT(*) > 256) AS totals WHERE n > 400), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 160000 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(160000 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: n bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1";

-- title: lengths
-- release noisy_1: k0 bigint; private groups, threshold on m0
--   m0: owners in the group, L2 sensitivity 92681.9, one is 1/65536
--   m1: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, length(t1."diag_1") AS k0 FROM "encounters" AS t1 WHERE (length(t1."diag_2") < 5) AND (strlen(t1."diag_2") = TRY(CAST(bit_length(t1."diag_2") AS BIGINT) // NULLIF(8, 0))) AND t1."patient_nbr" IS NOT NULL), cells AS (SELECT u, k0, COUNT(*) AS n FROM rows GROUP BY u, k0), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 2 THEN 65536 WHEN COUNT(*) > 128 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(2 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v FROM cells GROUP BY u) SELECT cells.k0, COALESCE(SUM(owners.v), 0) AS m0, COALESCE(SUM(CAST(owners.w AS HUGEINT) * cells.n), 0) AS m1 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0;
-- answer: characters bigint, n bigint noisy released
SELECT "noisy_1"."k0" AS "characters", (CAST(ROUND((CAST("noisy_1"."m1" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: trimmed of characters
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE (((((trim(t1."diag_1", 'E0') = '8') OR (trim(t1."diag_1", 'V') = '57')) OR (ltrim(t1."diag_1", '2') = '50')) OR (rtrim(t1."diag_1", '0') = '25')) OR (ltrim(t1."diag_2", ' ') = '')) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: n bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1";

-- title: filled up
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE ((lpad(t1."diag_1", 6, '0') = '000250') OR (rpad(t1."diag_1", 4, ' ') = '250 ')) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: n bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1";

-- title: every spelling of substring
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE (CASE WHEN 2 >= 0 AND 1 IS NOT NULL THEN substring(t1."diag_1", LEAST(GREATEST(1, 1), 2147483647), CAST(LEAST(GREATEST((CAST(1 AS HUGEINT) + 2) - LEAST(GREATEST(1, 1), 2147483647), 0), 2147483647) AS BIGINT)) END = '25') AND (CASE WHEN 1 >= 0 AND 2 IS NOT NULL THEN substring(t1."diag_1", LEAST(GREATEST(2, 1), 2147483647), CAST(LEAST(GREATEST((CAST(2 AS HUGEINT) + 1) - LEAST(GREATEST(2, 1), 2147483647), 0), 2147483647) AS BIGINT)) END = '5') AND (CASE WHEN 3 IS NOT NULL THEN substring(t1."diag_1", LEAST(GREATEST(3, 1), 2147483647)) END = '0') AND (CASE WHEN 3 >= 0 AND 1 IS NOT NULL THEN substring(t1."diag_1", LEAST(GREATEST(1, 1), 2147483647), CAST(LEAST(GREATEST((CAST(1 AS HUGEINT) + 3) - LEAST(GREATEST(1, 1), 2147483647), 0), 2147483647) AS BIGINT)) END = '250') AND (left(t1."diag_1", 1) = '2') AND (right(t1."diag_1", (-1)) = '50') AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: n bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1";

-- title: parts between a delimiter
-- release noisy_1: k0 text; private groups, threshold on m0
--   m0: COUNT(DISTINCT patient_nbr), L2 sensitivity 92681.9, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, split_part(t1."diag_1", '.', 1) AS k0 FROM "encounters" AS t1 WHERE (split_part(t1."diag_1", '.', (-1)) <> '01') AND t1."patient_nbr" IS NOT NULL), cells AS (SELECT u, k0, COUNT(*) AS n FROM rows GROUP BY u, k0), owners AS (SELECT u, CASE WHEN SUM(CAST(n AS HUGEINT) * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(CAST(n AS HUGEINT) * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w, CASE WHEN COUNT(*) <= 2 THEN 65536 WHEN COUNT(*) > 128 THEN 0 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(2 / CAST(COUNT(*) AS DOUBLE))) AS BIGINT) - 1, 0) END AS v FROM cells GROUP BY u) SELECT cells.k0, COALESCE(SUM(owners.v), 0) AS m0 FROM cells JOIN owners ON cells.u = owners.u GROUP BY cells.k0;
-- answer: chapter text, n bigint noisy released
SELECT "noisy_1"."k0" AS "chapter", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: replaced
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE (((replace(t1."diag_1", '.', '') = '25001') OR (translate(t1."diag_1", 'EV', 'ev') = 'e888')) OR ((left(t1."diag_1", 1 - 1) || '9' || substring(t1."diag_1", 1 + 1)) = '950')) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: n bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1";

-- title: backwards and again
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE ((array_to_string(list_reverse(regexp_extract_all(t1."diag_1", '.', 0, 's')), '') = '052') OR (repeat(t1."diag_1", 2) = '250250')) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: n bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1";

-- title: joined
-- release noisy_1: k0 text; public groups: 15
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, concat_ws(CAST('/' AS VARCHAR), CAST(t1."gender" AS VARCHAR), CAST(t1."race" AS VARCHAR)) AS k0 FROM "encounters" AS t1 WHERE ((coalesce(CAST(t1."diag_1" AS VARCHAR), '') || coalesce(CAST(t1."diag_2" AS VARCHAR), '')) <> '') AND ((CAST((CAST(t1."gender" AS VARCHAR) || CAST('-' AS VARCHAR)) AS VARCHAR) || CAST(t1."race" AS VARCHAR)) <> 'x') AND t1."patient_nbr" IS NOT NULL AND CASE WHEN ((t1."race" IN ('AfricanAmerican', 'Asian', 'Caucasian', 'Hispanic', 'Other')) OR (t1."race" IS NULL)) THEN TRUE ELSE FALSE END AND CASE WHEN (t1."gender" IN ('Female', 'Male', 'Unknown/Invalid')) THEN TRUE ELSE FALSE END), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: who text, n bigint noisy released
SELECT "noisy_1"."k0" AS "who", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: codes of characters
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE ((CAST(ascii(t1."diag_1") AS BIGINT) = 86) OR (CASE WHEN t1."num_medications" BETWEEN 1 AND 55295 OR t1."num_medications" BETWEEN 57344 AND 1114111 THEN chr(CAST(t1."num_medications" AS INTEGER)) END = 'A')) AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: n bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1";

-- title: a hash
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE (md5(t1."diag_1") LIKE 'a%' ESCAPE '\') AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: n bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1";

-- title: a start
-- release noisy_1: k0 boolean; public groups: 3
--   m0: COUNT(*), L2 sensitivity 741455, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u, starts_with(t1."diag_1", '25') AS k0 FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 11), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 128 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(128 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, k0, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u, k0) GROUP BY u) SELECT rows.k0, COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u GROUP BY rows.k0;
-- answer: diabetes boolean, n bigint noisy released
SELECT "noisy_1"."k0" AS "diabetes", (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1" ORDER BY "noisy_1"."k0";

-- title: a cast to a short text
-- release noisy_1: no keys; public groups: 1
--   m0: COUNT(*), L2 sensitivity 524288, one is 1/65536
WITH rows AS (SELECT t1."patient_nbr" AS u FROM "encounters" AS t1 WHERE (left(t1."age", 3) = '[0-') AND t1."patient_nbr" IS NOT NULL), heavy AS (SELECT u FROM (SELECT t1."patient_nbr" AS u, COUNT(*) AS n FROM "encounters" AS t1 WHERE t1."patient_nbr" IS NOT NULL GROUP BY t1."patient_nbr" HAVING COUNT(*) > 8) AS totals WHERE n > 8), weights AS (SELECT u, CASE WHEN SUM(n * n) <= 64 THEN 65536 ELSE GREATEST(CAST(FLOOR(65536 * SQRT(CAST(64 AS DOUBLE) / CAST(SUM(n * n) AS DOUBLE))) AS BIGINT) - 1, 0) END AS w FROM (SELECT u, CAST(COUNT(*) AS HUGEINT) AS n FROM rows WHERE u IN (SELECT u FROM heavy) GROUP BY u) GROUP BY u) SELECT COALESCE(SUM(COALESCE(weights.w, 65536)), 0) AS m0 FROM rows LEFT JOIN weights ON rows.u = weights.u;
-- answer: n bigint noisy released
SELECT (CAST(ROUND((CAST("noisy_1"."m0" AS DOUBLE) / 65536.0)) AS BIGINT)) AS "n" FROM "noisy_1" AS "noisy_1";
