-- What is not PostgreSQL, or would be read differently from what was written.

-- title: an unfinished text
-- dataset: hospital
-- code: sql_syntax
-- fact: The SQL cannot be read: a string, quoted name or comment does not end.
-- hint: Close every quote and comment.
SELECT COUNT(*) FROM encounters WHERE age = '[0-;

-- title: an unfinished name
-- dataset: hospital
-- code: sql_syntax
-- fact: The SQL cannot be read: a string, quoted name or comment does not end.
-- hint: Close every quote and comment.
SELECT COUNT(*) FROM "encounters;

-- title: an unfinished comment
-- dataset: hospital
-- code: sql_syntax
-- fact: The SQL cannot be read: a string, quoted name or comment does not end.
-- hint: Close every quote and comment.
SELECT COUNT(*) /* FROM encounters;

-- title: a slip of the pen
-- dataset: hospital
-- code: unsupported_sql
-- fact: Only queries are answered: the gateway never changes data.
-- hint: Send a statement that starts with SELECT or WITH.
SELEC COUNT(*) FROM encounters;

-- title: a missing list
-- dataset: hospital
-- code: sql_syntax
-- fact: The SQL cannot be parsed near "WHERE".
-- hint: Check the statement against PostgreSQL's grammar.
-- at: 1:13
SELECT FROM WHERE;

-- title: a missing parenthesis
-- dataset: hospital
-- code: sql_syntax
-- fact: The SQL cannot be parsed near "FROM".
-- hint: Check the statement against PostgreSQL's grammar.
-- at: 1:16
SELECT COUNT(* FROM encounters;

-- title: a parenthesis too many
-- dataset: hospital
-- code: sql_syntax
-- fact: The SQL cannot be parsed near ")".
-- hint: Check the statement against PostgreSQL's grammar.
-- at: 1:16
SELECT COUNT(*)) FROM encounters;

-- title: a dangling operator
-- dataset: hospital
-- code: sql_syntax
-- fact: The SQL cannot be parsed near "=".
-- hint: Check the statement against PostgreSQL's grammar.
-- at: 1:43
SELECT COUNT(*) FROM encounters WHERE age =;

-- title: underscores in numbers
-- dataset: hospital
-- code: sql_syntax
-- fact: The number 1_000 is not PostgreSQL.
-- hint: Write numbers without letters or underscores.
-- at: 1:59
SELECT COUNT(*) FROM encounters WHERE time_in_hospital < 1_000;

-- title: letters behind a number
-- dataset: hospital
-- code: sql_syntax
-- fact: The number 12abc is not PostgreSQL.
-- hint: Write numbers without letters or underscores.
-- at: 1:60
SELECT COUNT(*) FROM encounters WHERE time_in_hospital < 12abc;

-- title: PostgreSQL's operator @
-- dataset: hospital
-- code: sql_syntax
-- fact: The operator @ is not PostgreSQL.
-- hint: Write abs(x).
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE @ num_procedures = 1;

-- title: a method in DuckDB's spelling
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression num_procedures.abs() over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE num_procedures.abs() = 1;

-- title: a lambda
-- dataset: hospital
-- code: unsupported_sql
-- fact: The function list_filter over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:39
SELECT COUNT(*) FROM encounters WHERE list_filter([1], x -> x > 0) = [1];

-- title: a struct
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression STRUCT(1 AS a).a over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:45
SELECT COUNT(*) FROM encounters WHERE {'a': 1}.a = 1;

-- title: backticks
-- dataset: hospital
-- code: sql_syntax
-- fact: The SQL cannot be parsed near "`".
-- hint: Check the statement against PostgreSQL's grammar.
-- at: 1:33
SELECT COUNT(*) FROM `encounters`;

-- title: a question mark
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression ? over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:1
SELECT COUNT(*) FROM encounters WHERE age = ?;

-- title: a named parameter
-- dataset: hospital
-- code: unsupported_sql
-- fact: The expression %(age)s over protected rows is not supported.
-- hint: Use a function of the list in the documentation, or apply it to the
-- at: 1:1
SELECT COUNT(*) FROM encounters WHERE age = :age;

-- title: a parameter that was not sent
-- dataset: hospital
-- code: invalid_request
-- fact: The SQL uses $1, but 0 parameters were sent.
-- hint: Send one value in `parameters` for each $ number.
-- at: 1:46
SELECT COUNT(*) FROM encounters WHERE age = $1;

-- title: a Jinja template
-- dataset: hospital
-- code: sql_syntax
-- fact: The SQL cannot be parsed near "{".
-- hint: Check the statement against PostgreSQL's grammar.
-- at: 1:22
SELECT COUNT(*) FROM {{ table }};

-- title: a place in the third line
-- dataset: hospital
-- code: unknown_column
-- fact: There is no column "rase" that you can use.
-- hint: Did you mean "race"?
-- at: 3:7
SELECT COUNT(*) AS n
FROM encounters
WHERE rase = 'Asian';
