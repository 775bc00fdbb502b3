// What programs do with node-postgres. Prints one line for each row: the step, then cells by tabs.
// Arguments: host, port, database, user, key; and `questions` for what costs a budget.
"use strict";

const { Client, Pool, types } = require("pg");
const Cursor = require("pg-cursor");

const [host, port, database, user, password, questions] = process.argv.slice(2);
const settings = { host, port: Number(port), database, user, password };

const SLOW = "SELECT count(*) FROM pg_attribute a, pg_attribute b, pg_attribute c";
const REFUSED = [
  "SELECT nothing FROM kinds", "SELECT FROM WHERE", "SELECT 'open",
  "SELECT nothing FROM pg_class", "SHOW nothing", "FETCH 1 FROM nothing", "EXECUTE nothing",
];
const CATALOG = {
  tables: `SELECT table_catalog, table_schema, table_name, table_type
    FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name`,
  columns: `SELECT table_name, column_name, ordinal_position, column_default, is_nullable,
      data_type, character_maximum_length, numeric_precision, numeric_scale, datetime_precision,
      udt_name
    FROM information_schema.columns WHERE table_schema = 'public'
    ORDER BY table_name, ordinal_position`,
  keys: `SELECT c.relname, n.conname, n.contype, n.conkey, f.relname AS referenced, n.confkey
    FROM pg_constraint n JOIN pg_class c ON c.oid = n.conrelid
    LEFT JOIN pg_class f ON f.oid = n.confrelid
    WHERE n.connamespace = 'public'::regnamespace AND n.contype IN ('p', 'f')
    ORDER BY 1, 2`,
  comments: `SELECT c.relname, a.attname, col_description(c.oid, a.attnum) AS column_comment,
      obj_description(c.oid, 'pg_class') AS comment, format_type(a.atttypid, a.atttypmod) AS type
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v') AND a.attnum > 0
    ORDER BY 1, a.attnum`,
  schemas: "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_(temp|toast)_' ORDER BY 1",
  types: `SELECT oid, typname, typlen, typtype, typcategory, typelem FROM pg_type
    WHERE oid < 10000 AND typtype = 'b' ORDER BY oid`,
};

function say(step, ...cells) {
  const written = cells.map((cell) => {
    if (cell === null || cell === undefined) return "\\N";
    const text = cell instanceof Date ? cell.toISOString()
      : typeof cell === "object" ? JSON.stringify(cell) : String(cell);
    return text.replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\n", "\\n");
  });
  process.stdout.write(`${[step, ...written].join("\t")}\n`);
}

function sayRows(step, result) {
  say(`${step}: columns`, ...result.fields.map((field) => `${field.name} ${field.dataTypeID}`));
  for (const row of result.rows) say(step, ...row);
  say(`${step}: rows`, result.rowCount, result.command);
}

async function connected(more = {}) {
  const client = new Client({ ...settings, ...more });
  await client.connect();
  return client;
}

const asRows = (text, values) => ({ text, values, rowMode: "array" });

async function catalog(client) {
  for (const [step, sql] of Object.entries(CATALOG)) {
    sayRows(step, await client.query(asRows(sql)));
    sayRows(`${step}, prepared`, await client.query({ ...asRows(sql), name: step }));
  }
  sayRows("of a name", await client.query(asRows(
    "SELECT column_name FROM information_schema.columns WHERE table_name = $1 ORDER BY 1",
    ["visits"],
  )));
  sayRows("of a list", await client.query(asRows(
    "SELECT relname FROM pg_class WHERE relname = ANY($1) ORDER BY 1", [["visits", "kinds"]],
  )));
}

async function kinds(client) {
  const sql = "SELECT * FROM kinds ORDER BY id";
  sayRows("simple", await client.query(asRows(sql)));
  sayRows("prepared", await client.query({ ...asRows(sql), name: "kinds" }));
  sayRows("prepared again", await client.query({ ...asRows(sql), name: "kinds" }));
  sayRows("binary", await client.query({ ...asRows(sql), binary: true }));
  const raw = { getTypeParser: () => (value) => value };
  sayRows("as written", await client.query({ ...asRows(sql), types: raw }));
}

async function parameters(client) {
  const values = {
    id: 2, flag: false, small: -32768, whole: 0, big: "-1", exact: "-0.001", approximate: 1e300,
    word: 'tab\t, "quote" and \\ ü €', day: "1969-12-31",
    moment: "1999-12-31 23:59:59.999999", zoned: new Date(0),
  };
  for (const [column, value] of Object.entries(values)) {
    const sql = `SELECT id FROM kinds WHERE ${column} = $1`;
    for (const name of [undefined, column, column]) {
      sayRows(`parameter ${column}`, await client.query({ ...asRows(sql, [value]), name }));
    }
    sayRows(`NULL for ${column}`, await client.query(asRows(sql, [null])));
  }
  const several = "SELECT id FROM kinds WHERE id BETWEEN $1 AND $2 AND word <> $3 LIMIT $4";
  sayRows("several", await client.query(asRows(several, [1, 1, "x", 1])));
  sayRows("cast", await client.query(asRows("SELECT id FROM kinds WHERE id = $1::int + 1", ["3"])));
}

async function errors(client) {
  for (const sql of REFUSED) {
    for (const queryMode of ["simple", "extended"]) {
      try {
        await client.query({ text: sql, queryMode });
        say("error", sql, "none");
      } catch (error) {
        say("error", sql, error.code, error.severity, error.position);
      }
    }
  }
  try {
    await client.query("SELECT id FROM kinds WHERE id = $1", ["no number"]);
  } catch (error) {
    say("error of a value", error.code);
  }
  await client.query("SELECT id FROM kinds WHERE id = $2").catch((error) => {
    say("parameter without a value", error.code, error.position);
  });
  sayRows("after errors", await client.query(asRows("SELECT 1 AS one")));
}

async function transactions(client) {
  await client.query("BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY");
  sayRows("isolation", await client.query(asRows("SHOW transaction_isolation")));
  await client.query("SAVEPOINT here");
  await client.query("SELECT nothing FROM kinds").catch((error) => say("failed", error.code));
  await client.query("SELECT 1").catch((error) => say("aborted", error.code));
  await client.query("ROLLBACK TO SAVEPOINT here");
  sayRows("after the savepoint", await client.query(asRows("SELECT id FROM kinds WHERE id = 1")));
  say("end", (await client.query("COMMIT")).command);
  sayRows("isolation after it", await client.query(asRows("SHOW transaction_isolation")));
  const several = await client.query("SELECT 1 AS a; SELECT 'x' AS b; SET DateStyle = ISO");
  for (const result of several) say("one of several", result.command, result.rowCount);
  sayRows("empty", await client.query(asRows("")));
}

async function bigResults(client) {
  const sql = "SELECT n, label FROM numbers ORDER BY n";
  const whole = await client.query(asRows(sql));
  say("whole", whole.rows.length, whole.rows.at(-1).join());
  const cursor = client.query(new Cursor(sql, [], { rowMode: "array" }));
  const counts = [];
  for (let rows = await cursor.read(700); rows.length; rows = await cursor.read(7000)) {
    counts.push(rows.length, rows[0][1]);
  }
  say("cursor", ...counts);
  await cursor.close();
  const ended = client.query(new Cursor("SELECT n FROM numbers WHERE n > $1 ORDER BY n", [9]));
  say("cursor ended early", (await ended.read(2)).length);
  await ended.close();
  sayRows("after cursors", await client.query(asRows("SELECT 1 AS one")));
}

async function cancel() {
  const running = await connected();
  let ended = false;
  const asked = running.query(SLOW).then(() => "not", (error) => error.code);
  asked.then(() => { ended = true; });
  while (!ended) {
    // One that comes before the statement has begun ends nothing; so they are repeated.
    await new Promise((resolve) => { setTimeout(resolve, 200); });
    if (ended) break;
    await new Promise((resolve) => {
      const other = new Client(settings);
      other.cancel(running, running._activeQuery);
      other.connection.stream.on("close", resolve);
    });
  }
  say("cancelled", await asked);
  sayRows("after that", await running.query(asRows("SELECT 1 AS one")));
  await running.query("SET statement_timeout = '300ms'");
  say("timed out", await running.query(SLOW).then(() => "not", (error) => error.code));
  await running.end();
}

async function pools() {
  const pool = new Pool({ ...settings, max: 5 });
  const asked = [...Array(20).keys()].map((n) => pool.query(
    asRows("SELECT label FROM numbers WHERE n = $1", [n]),
  ));
  for (const result of await Promise.all(asked)) say("pooled", result.rows[0][0]);
  await pool.end();
}

async function ask(client) {
  client.on("notice", (notice) => say("notice", notice.message, notice.detail));
  const sql = `SELECT ward, COUNT(*) AS n, AVG(cost) AS c FROM visits WHERE days < $1
    GROUP BY ward ORDER BY ward`;
  for (let run = 0; run < 3; run += 1) sayRows("question", await client.query(asRows(sql, [21])));
  await client.query("SELECT ward FROM visits").catch((error) => {
    say("refused", error.code, error.position, error.hint, error.detail);
  });
}

async function main() {
  types.setTypeParser(types.builtins.DATE, (value) => value);
  types.setTypeParser(types.builtins.TIMESTAMP, (value) => value);
  const client = await connected({ application_name: "client" });
  if (questions) {
    await ask(client);
  } else {
    const steps = [catalog, kinds, parameters, errors, transactions, bigResults, cancel, pools];
    for (const step of steps) await step(client);
  }
  await client.end();
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
