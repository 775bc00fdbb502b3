-- Types that do not fit are refused before anything runs, never by an error on some row.

-- title: a condition that is a number
-- dataset: hospital
-- code: unsupported_sql
-- fact: The condition is of type bigint, not boolean.
-- hint: Compare the value with something.
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE time_in_hospital;

-- title: a condition that is a text
-- dataset: hospital
-- code: unsupported_sql
-- fact: The condition is of type text, not boolean.
-- hint: Compare the value with something.
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE gender;

-- title: a number against a text
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression time_in_hospital = 'three' with arguments of type bigint, text is not
-- hint: The gateway knows a = b.
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE time_in_hospital = 'three';

-- title: a text against a number
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression age > 5 with arguments of type text, integer is not supported.
-- hint: The gateway knows a > b.
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE age > 5;

-- title: a text plus a number
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression age + 1 with arguments of type text, integer is not supported.
-- hint: The gateway knows a + b.
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE age + 1 = 2;

-- title: a date that is none
-- dataset: retail
-- code: unsupported_sql
-- fact: The text is not a value of type date.
-- hint: Write dates as '2024-01-31' and timestamps as '2024-01-31 12:00:00'.
-- at: 1:52
SELECT COUNT(*) FROM lines WHERE invoice_at < date '2011-02-30';

-- title: a moment against a word
-- dataset: retail
-- code: unsupported_sql
-- fact: The expression invoice_at < 'yesterday' with arguments of type timestamp, text is not
-- hint: The gateway knows a < b.
-- at: 1:34
SELECT COUNT(*) FROM lines WHERE invoice_at < 'yesterday';

-- title: a text cast to a type nobody knows
-- dataset: hospital
-- code: unsupported_sql
-- fact: A cast to XML is not supported.
-- hint: Cast to a plain SQL type.
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE age::xml IS NULL;

-- title: a cast to an array
-- dataset: hospital
-- code: unsupported_sql
-- fact: A cast to TEXT[] is not supported.
-- hint: Cast to a plain SQL type.
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE age::text[] IS NULL;

-- title: a cast to a regclass
-- dataset: hospital
-- code: unsupported_sql
-- fact: A cast to REGCLASS is not supported.
-- hint: Cast to a plain SQL type.
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE age::regclass IS NULL;

-- title: a boolean made of a date
-- dataset: retail
-- code: unsupported_sql
-- fact: A cast from timestamp to boolean is not supported.
-- hint: Cast in two steps.
-- at: 1:34
SELECT COUNT(*) FROM lines WHERE invoice_at::boolean;

-- title: results of different types
-- dataset: hospital
-- code: unsupported_sql
-- fact: A CASE with results of different types is not supported.
-- hint: Cast the results.
-- at: 1:18
SELECT CASE WHEN gender = 'Male' THEN 1 ELSE 'x' END, COUNT(*) FROM encounters GROUP BY 1;

-- title: a list of mixed types
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression age IN ('[0-10)', 5) with arguments of type text, text, integer is not
-- hint: The gateway knows a IN (b, …).
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE age IN ('[0-10)', 5);

-- title: a number that is too long
-- dataset: hospital
-- code: unsupported_sql
-- fact: The constant 123456789012345678901234567890123456789 cannot be read.
-- hint: Write numbers of at most 38 digits and intervals such as '1 month'.
-- at: 1:58
SELECT COUNT(*) FROM encounters WHERE time_in_hospital < 123456789012345678901234567890123456789;

-- title: an interval in centuries
-- dataset: retail
-- code: unsupported_sql
-- fact: The constant INTERVAL '1 FORTNIGHT' cannot be read.
-- hint: Write numbers of at most 38 digits and intervals such as '1 month'.
-- at: 1:1
SELECT COUNT(*) FROM lines WHERE invoice_at < timestamp '2011-01-01' + interval '1 fortnight';

-- title: a remainder of fractions
-- dataset: retail
-- code: unsupported_sql
-- fact: The expression unit_price % 2 with arguments of type double precision, integer is not su
-- hint: The gateway knows a % b, mod(a, b), with the sign of a; NULL where b
-- at: 1:34
SELECT COUNT(*) FROM lines WHERE unit_price % 2 = 1;

-- title: IS of something else
-- dataset: hospital
-- code: unsupported_sql
-- fact: This form of IS is not supported.
-- hint: Write IS NULL, IS TRUE or IS DISTINCT FROM.
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE age IS JSON;
