-- title: every row
-- answer: admission_type_id bigint, description text
SELECT "admission_types"."admission_type_id" AS "admission_type_id", "admission_types"."description" AS "description" FROM "public_admission_types" AS "admission_types" ORDER BY "admission_types"."admission_type_id";

-- title: a choice of rows
-- answer: description text
SELECT "discharge_dispositions"."description" AS "description" FROM "public_discharge_dispositions" AS "discharge_dispositions" WHERE "discharge_dispositions"."description" LIKE '%hospice%' ORDER BY "description";

-- title: exact aggregates
-- answer: types bigint, last bigint, first text
SELECT COUNT(*) AS "types", MAX("admission_types"."admission_type_id") AS "last", MIN("admission_types"."description") AS "first" FROM "public_admission_types" AS "admission_types";

-- title: a join of public tables
-- answer: type text, source text
SELECT "t"."description" AS "type", "s"."description" AS "source" FROM "public_admission_types" AS "t" JOIN "public_admission_sources" AS "s" ON "t"."admission_type_id" = "s"."admission_source_id" ORDER BY "t"."admission_type_id";

-- title: windows and common table expressions
-- answer: place bigint, description text
SELECT "numbered"."place" AS "place", "numbered"."description" AS "description" FROM (SELECT "admission_sources"."description" AS "description", ROW_NUMBER() OVER (ORDER BY "admission_sources"."description") AS "place" FROM "public_admission_sources" AS "admission_sources") AS "numbered" WHERE "numbered"."place" <= 3 ORDER BY "place";

-- title: a constant
-- answer: one integer, letter text, three integer
SELECT 1 AS "one", 'a' AS "letter", 7 // 2 AS "three";

-- title: sub-queries among public tables
-- answer: description text
SELECT "admission_types"."description" AS "description" FROM "public_admission_types" AS "admission_types" WHERE "admission_types"."admission_type_id" IN (SELECT "admission_sources"."admission_source_id" AS "admission_source_id" FROM "public_admission_sources" AS "admission_sources" WHERE "admission_sources"."admission_source_id" < 3) ORDER BY "description";
