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

-- title: the present hour
-- dataset: retail
-- code: unsupported_sql
-- fact: CURRENT_TIMESTAMP, whose value changes from call to call, is not supported.
-- hint: In a question, not in a view, today can be CURRENT_DATE or DATE_TRUNC('day', NOW()).
-- at: 1:66
SELECT COUNT(*) FROM lines WHERE invoice_at < date_trunc('hour', now());

-- title: today in another zone
-- dataset: retail
-- code: unsupported_sql
-- fact: CURRENT_TIMESTAMP, whose value changes from call to call, is not supported.
-- hint: In a question, not in a view, today can be CURRENT_DATE or DATE_TRUNC('day', NOW()).
-- at: 1:65
SELECT COUNT(*) FROM lines WHERE invoice_at < date_trunc('day', now(), 'Asia/Tokyo');

-- title: the day twelve hours ago
-- dataset: retail
-- code: unsupported_sql
-- fact: CURRENT_TIMESTAMP, whose value changes from call to call, is not supported.
-- hint: In a question, not in a view, today can be CURRENT_DATE or DATE_TRUNC('day', NOW()).
-- at: 1:52
SELECT COUNT(*) FROM lines WHERE invoice_at < CAST(now() - INTERVAL '12 hours' AS date);

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

-- title: regexp_matches
-- dataset: hospital
-- code: unsupported_sql
-- fact: The function regexp_matches over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE regexp_matches(diag_1, '^25');

-- title: a pattern from a column
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression diag_1 LIKE diag_2 with arguments of type text, text is not supported.
-- hint: The gateway knows a LIKE pattern, a LIKE pattern ESCAPE 'c'; the pat
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE diag_1 LIKE diag_2;

-- title: a pattern that ends in its escape
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression diag_1 LIKE '25\' with arguments of type text, text is not supported.
-- hint: The gateway knows a LIKE pattern, a LIKE pattern ESCAPE 'c'; the pat
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE diag_1 LIKE '25\';

-- title: an index
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression (ARRAY[1, 2])[time_in_hospital] over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:46
SELECT COUNT(*) FROM encounters WHERE (ARRAY[1, 2])[time_in_hospital] = 1;

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
-- fact: The function repeat with arguments of type text, integer is not supported.
-- hint: The gateway knows repeat(a, n); n constant, at most 100.
-- at: 1:46
SELECT COUNT(*) FROM encounters WHERE length(repeat(diag_1, 1000000000)) > 5;

-- title: a collation
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression diag_1 COLLATE "C" over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE diag_1 COLLATE "C" = 'x';

-- title: a grain from a column
-- dataset: retail
-- code: unsupported_sql
-- fact: The function date_trunc with arguments of type text, timestamp is not supported.
-- hint: The gateway knows date_trunc('grain', a); grains: microsecond, milli
-- at: 1:8
SELECT date_trunc(country, invoice_at), COUNT(*) FROM lines GROUP BY 1;

-- title: date_trunc with a time zone
-- dataset: retail
-- code: unsupported_sql
-- fact: date_trunc of timestamp with a time zone is not supported.
-- hint: Turn it into one with AT TIME ZONE, or leave the zone out.
-- at: 1:8
SELECT date_trunc('day', invoice_at, 'Europe/London'), COUNT(*) FROM lines GROUP BY 1;

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
-- fact: NEXTVAL('s'), whose value changes from call to call, is not supported.
-- hint: Write the value as a constant: an answer that is asked again must be
-- at: 1:8
SELECT nextval('s'), COUNT(*) FROM encounters GROUP BY 1;

-- title: a user's function on rows
-- dataset: hospital
-- code: unsupported_sql
-- fact: The function getvariable over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE getvariable('x') = diag_1;

-- title: a back reference
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression diag_1 ~ '(.)\1' with arguments of type text, text is not supported.
-- hint: The gateway knows a ~ pattern, a SIMILAR TO pattern, regexp_like(a, pa
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE diag_1 ~ '(.)\1';

-- title: an expression that looks ahead
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression diag_1 ~ '25(?=0)' with arguments of type text, text is not supported.
-- hint: The gateway knows a ~ pattern
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE diag_1 ~ '25(?=0)';

-- title: an expression from a column
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression diag_1 ~ diag_2 with arguments of type text, text is not supported.
-- hint: The gateway knows a ~ pattern
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE diag_1 ~ diag_2;

-- title: a replacement where engines find different texts
-- dataset: hospital
-- code: unsupported_sql
-- fact: The function regexp_replace with arguments of type text, text, text is not supported.
-- hint: The gateway knows regexp_replace(a, pattern, text)
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE regexp_replace(diag_1, '(2|25)', '') = '0';

-- title: padded by a number of the row
-- dataset: hospital
-- code: unsupported_sql
-- fact: The function lpad with arguments of type text, bigint, text is not supported.
-- hint: The gateway knows lpad(a, n), lpad(a, n, fill), rpad; n constant
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE lpad(diag_1, num_medications, '0') = '0';

-- title: a format nobody knows
-- dataset: retail
-- code: unsupported_sql
-- fact: The function to_char with arguments of type timestamp, text is not supported.
-- hint: The gateway knows to_char(a, format) of a date or timestamp
-- at: 1:34
SELECT COUNT(*) FROM lines WHERE to_char(invoice_at, 'YYYY RM') = 'x';

-- title: a time zone nobody knows
-- dataset: retail
-- code: unsupported_sql
-- fact: The expression invoice_at AT TIME ZONE 'Europe/Atlantis' with arguments of type timestamp, text
-- hint: The gateway knows a AT TIME ZONE 'Europe/Paris'
-- at: 1:34
SELECT COUNT(*) FROM lines WHERE invoice_at AT TIME ZONE 'Europe/Atlantis' < '2011-01-01';

-- title: the age today
-- dataset: retail
-- code: unsupported_sql
-- fact: AGE(invoice_at), whose value changes from call to call, is not supported.
-- hint: Write the value as a constant
-- at: 1:34
SELECT COUNT(*) FROM lines WHERE age(invoice_at) > interval '1 day';

-- title: the start of the transaction
-- dataset: retail
-- code: unsupported_sql
-- fact: TRANSACTION_TIMESTAMP(), whose value changes from call to call, is not supported.
-- hint: Write the value as a constant
-- at: 1:47
SELECT COUNT(*) FROM lines WHERE invoice_at < transaction_timestamp();

-- title: groups of intervals
-- dataset: retail
-- code: unsupported_sql
-- fact: An interval as a group is not supported.
-- hint: Group by extract(epoch FROM …) of it.
-- at: 1:8
SELECT invoice_at - timestamp '2011-01-01', COUNT(*) FROM lines GROUP BY 1;

-- title: different intervals
-- dataset: retail
-- code: unsupported_sql
-- fact: COUNT(DISTINCT …) of an interval is not supported.
-- hint: Count extract(epoch FROM …) of it.
-- at: 1:23
SELECT COUNT(DISTINCT invoice_at - timestamp '2011-01-01') FROM lines;

-- title: a tilde before a sum
-- dataset: hospital
-- code: unsupported_sql
-- fact: ~ before a calculation is not supported.
-- hint: Put parentheses around what ~ belongs to.
-- at: 1:40
SELECT COUNT(*) FROM encounters WHERE ~num_procedures + 1 = 0;

-- title: a root written as an operator
-- dataset: hospital
-- code: unsupported_sql
-- fact: The operator |/ is not supported.
-- hint: Write sqrt(x) or cbrt(x).
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE |/ num_procedures + 1 = 2;

-- title: shifted by a number of the row
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression time_in_hospital << num_procedures with arguments of type bigint, bigint is not
-- hint: The gateway knows a << n, a >> n; n constant
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE time_in_hospital << num_procedures = 4;

-- title: thresholds that fall
-- dataset: hospital
-- code: unsupported_sql
-- fact: The function width_bucket with arguments of type bigint, integer, integer is not supported.
-- hint: The gateway knows width_bucket(a, ARRAY[…]) with constants that rise
-- at: 1:8
SELECT width_bucket(num_medications, ARRAY[10, 5]), COUNT(*) FROM encounters GROUP BY 1;

-- title: rows of different lengths
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression (gender, race) = ('Male', 'Asian', 1) over protected rows is not supported.
-- hint: Use a function of the list in the documentation
-- at: 1:40
SELECT COUNT(*) FROM encounters WHERE (gender, race) = ('Male', 'Asian', 1);

-- title: a timestamp of fewer digits
-- dataset: retail
-- code: unsupported_sql
-- fact: A cast to TIMESTAMP(0) is not supported.
-- hint: Cast to a plain SQL type.
-- at: 1:34
SELECT COUNT(*) FROM lines WHERE invoice_at::timestamp(0) < '2011-01-01';
