-- Over protected rows only functions of the table: total, with a fixed value, known by name.

-- title: random numbers
-- dataset: hospital
-- code: unsupported_sql
-- fact: RANDOM(), whose value changes from call to call, is not supported.
-- hint: Write the value as a constant: an answer that is asked again must be
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE random() < 0.5;

-- title: the time of day
-- dataset: retail
-- code: unsupported_sql
-- fact: CURRENT_TIMESTAMP, whose value changes from call to call, is not supported.
-- hint: Write the value as a constant: an answer that is asked again must be
-- at: 1:47
SELECT COUNT(*) FROM lines WHERE invoice_at < now();

-- title: today
-- dataset: retail
-- code: unsupported_sql
-- fact: CURRENT_DATE, whose value changes from call to call, is not supported.
-- hint: Write the value as a constant: an answer that is asked again must be
-- at: 1:1
SELECT COUNT(*) FROM lines WHERE invoice_at < CURRENT_DATE;

-- title: this moment
-- dataset: retail
-- code: unsupported_sql
-- fact: CURRENT_TIMESTAMP, whose value changes from call to call, is not supported.
-- hint: Write the value as a constant: an answer that is asked again must be
-- at: 1:1
SELECT COUNT(*) FROM lines WHERE invoice_at < CURRENT_TIMESTAMP;

-- title: a new identifier
-- dataset: hospital
-- code: unsupported_sql
-- fact: GEN_RANDOM_UUID(), whose value changes from call to call, is not supported.
-- hint: Write the value as a constant: an answer that is asked again must be
-- at: 1:8
SELECT gen_random_uuid(), COUNT(*) FROM encounters GROUP BY 1;

-- title: the user's name
-- dataset: hospital
-- code: unsupported_sql
-- fact: CURRENT_USER, whose value changes from call to call, is not supported.
-- hint: Write the value as a constant: an answer that is asked again must be
-- at: 1:1
SELECT COUNT(*) FROM encounters WHERE diag_1 = CURRENT_USER;

-- title: a function of nobody's
-- dataset: hospital
-- code: unsupported_sql
-- fact: The function confidential over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE confidential(age);

-- title: a function that waits
-- dataset: hospital
-- code: unsupported_sql
-- fact: The function pg_sleep over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE pg_sleep(1) IS NULL;

-- title: a function that fails
-- dataset: hospital
-- code: unsupported_sql
-- fact: The function error over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE error('x') IS NULL;

-- title: a function that reads files
-- dataset: hospital
-- code: unsupported_sql
-- fact: The function pg_read_file over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE pg_read_file('x') IS NULL;

-- title: a setting
-- dataset: hospital
-- code: unsupported_sql
-- fact: The function current_setting over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE current_setting('x') = diag_1;

-- title: a function of a schema
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression pg_catalog.abs(num_procedures) over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE pg_catalog.abs(num_procedures) = 1;

-- title: a regular expression
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression diag_1 ~ '^25' over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE diag_1 ~ '^25';

-- title: regexp_matches
-- dataset: hospital
-- code: unsupported_sql
-- fact: The function regexp_matches over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE regexp_matches(diag_1, '^25');

-- title: SIMILAR TO
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression diag_1 SIMILAR TO '25%' over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE diag_1 SIMILAR TO '25%';

-- title: LIKE with another escape
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression diag_1 LIKE '25!%' ESCAPE '!' over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE diag_1 LIKE '25!%' ESCAPE '!';

-- title: a pattern from a column
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression diag_1 LIKE diag_2 with arguments of type text, text is not supported.
-- hint: The gateway knows a LIKE pattern.
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE diag_1 LIKE diag_2;

-- title: a pattern that ends in its escape
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression diag_1 LIKE '25\' with arguments of type text, text is not supported.
-- hint: The gateway knows a LIKE pattern.
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE diag_1 LIKE '25\';

-- title: an array
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression ANY(ARRAY['250']) over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:58
SELECT COUNT(*) FROM encounters WHERE diag_1 = ANY(ARRAY['250']);

-- title: all of an array
-- dataset: hospital
-- code: unsupported_sql
-- fact: The function all over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:58
SELECT COUNT(*) FROM encounters WHERE time_in_hospital > ALL(ARRAY[1]);

-- title: an index
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression (ARRAY[1, 2])[time_in_hospital] over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:46
SELECT COUNT(*) FROM encounters WHERE (ARRAY[1, 2])[time_in_hospital] = 1;

-- title: bits
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression time_in_hospital & 1 over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:40
SELECT COUNT(*) FROM encounters WHERE (time_in_hospital & 1) = 1;

-- title: bits shifted
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression time_in_hospital << 2 over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE time_in_hospital << 2 > 4;

-- title: exclusive or
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression time_in_hospital # 1 over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE time_in_hospital # 1 = 1;

-- title: a hash
-- dataset: hospital
-- code: unsupported_sql
-- fact: The function md5 over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE md5(diag_1) = 'x';

-- title: a formatted text
-- dataset: hospital
-- code: unsupported_sql
-- fact: The function format over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE format('%s', diag_1) = 'x';

-- title: repeat
-- dataset: hospital
-- code: unsupported_sql
-- fact: The function repeat over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:46
SELECT COUNT(*) FROM encounters WHERE length(repeat(diag_1, 1000000000)) > 5;

-- title: trim with characters
-- dataset: hospital
-- code: unsupported_sql
-- fact: trim with characters is not supported.
-- hint: Trim spaces only, or use replace.
-- at: 1:49
SELECT COUNT(*) FROM encounters WHERE trim(BOTH 'x' FROM diag_1) = '';

-- title: a collation
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression diag_1 COLLATE "C" over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE diag_1 COLLATE "C" = 'x';

-- title: a time zone
-- dataset: retail
-- code: unsupported_sql
-- fact: The expression invoice_at AT TIME ZONE 'UTC' over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:34
SELECT COUNT(*) FROM lines WHERE invoice_at AT TIME ZONE 'UTC' < '2011-01-01';

-- title: age of two moments
-- dataset: retail
-- code: unsupported_sql
-- fact: The function age over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:34
SELECT COUNT(*) FROM lines WHERE age(invoice_at, timestamp '2011-01-01') > interval '1 day';

-- title: an unknown part of a date
-- dataset: retail
-- code: unsupported_sql
-- fact: The function extract with arguments of type text, timestamp is not supported.
-- hint: The gateway knows extract(part FROM a), date_part('part', a); parts:
-- at: 1:32
SELECT extract(millennium FROM invoice_at), COUNT(*) FROM lines GROUP BY 1;

-- title: an unknown grain
-- dataset: retail
-- code: unsupported_sql
-- fact: The function date_trunc with arguments of type text, timestamp is not supported.
-- hint: The gateway knows date_trunc('grain', a); grains: minute, hour, day,
-- at: 1:8
SELECT date_trunc('decade', invoice_at), COUNT(*) FROM lines GROUP BY 1;

-- title: a grain from a column
-- dataset: retail
-- code: unsupported_sql
-- fact: The function date_trunc with arguments of type text, timestamp is not supported.
-- hint: The gateway knows date_trunc('grain', a); grains: minute, hour, day,
-- at: 1:8
SELECT date_trunc(country, invoice_at), COUNT(*) FROM lines GROUP BY 1;

-- title: date_trunc with a time zone
-- dataset: retail
-- code: unsupported_sql
-- fact: date_trunc with a time zone is not supported.
-- hint: Leave the zone out: it is UTC.
-- at: 1:8
SELECT date_trunc('day', invoice_at, 'Europe/London'), COUNT(*) FROM lines GROUP BY 1;

-- title: make_date
-- dataset: retail
-- code: unsupported_sql
-- fact: The function make_date over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:47
SELECT COUNT(*) FROM lines WHERE invoice_at < make_date(2011, 1, quantity::integer);

-- title: to_char
-- dataset: retail
-- code: unsupported_sql
-- fact: The function to_char over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:8
SELECT to_char(invoice_at, 'YYYY'), COUNT(*) FROM lines GROUP BY 1;

-- title: width_bucket with bounds from the row
-- dataset: hospital
-- code: unsupported_sql
-- fact: The function width_bucket with arguments of type bigint, integer, bigint, integer is not
-- hint: The gateway knows width_bucket(a, low, high, count): 0 below, count +
-- at: 1:8
SELECT width_bucket(num_medications, 0, num_procedures, 5), COUNT(*) FROM encounters GROUP BY 1;

-- title: round to digits of the row
-- dataset: hospital
-- code: unsupported_sql
-- fact: The function round with arguments of type bigint, bigint is not supported.
-- hint: The gateway knows round(a), round(a, digits).
-- at: 1:8
SELECT round(num_medications, num_procedures), COUNT(*) FROM encounters GROUP BY 1;

-- title: EXISTS without the owner
-- dataset: hospital
-- code: not_private
-- fact: The subquery would test a row against rows of other owners.
-- hint: Correlate it on the owner, or ask for the inner result in a query of
-- at: 1:56
SELECT COUNT(*) FROM encounters e WHERE EXISTS (SELECT 1 FROM encounters f WHERE f.age = e.age);

-- title: IN over protected rows
-- dataset: hospital
-- code: not_private
-- fact: The subquery would test a row against rows of other owners.
-- hint: Correlate it on the owner, or ask for the inner result in a query of
-- at: 1:57
SELECT COUNT(*) FROM encounters WHERE diag_1 IN (SELECT diag_2 FROM encounters);

-- title: nextval
-- dataset: hospital
-- code: unsupported_sql
-- fact: The function nextval over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:8
SELECT nextval('s'), COUNT(*) FROM encounters GROUP BY 1;

-- title: a user's function on rows
-- dataset: hospital
-- code: unsupported_sql
-- fact: The function getvariable over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE getvariable('x') = diag_1;
