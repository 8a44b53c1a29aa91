import { deepEqual, equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { AuroraDSQLClient, AuroraDSQLPool } from "@aws/aurora-dsql-node-postgres-connector";
import { drizzle } from "drizzle-orm/node-postgres";
import { eq } from "drizzle-orm";
import * as pg from "drizzle-orm/pg-core";
import { refused, run } from "./cases.mjs";

const ca = readFileSync(process.env.LOCAL_CA, "utf8");
const where = { host: process.env.DSQL_ADDRESS, port: Number(process.env.DSQL_PORT), region: process.env.AWS_REGION, ssl: { ca } };
const connected = async (work, more = {}) => {
  const client = new AuroraDSQLClient({ ...where, user: "admin", ...more });
  await client.connect();
  try { return await work(client); } finally { await client.end(); }
};
const pool = new AuroraDSQLPool({ ...where, user: "admin", max: 5, retry: { maxRetries: 20 } });
const table = pg.pgTable("node_rows", { id: pg.integer("id").primaryKey(), name: pg.text("name"), n: pg.integer("n"), data: pg.jsonb("data"), seen: pg.timestamp("seen", { withTimezone: true }) });

await run([
  ["connection", "the address and the region, verified", () => connected(async (client) => equal((await client.query("select current_user as u")).rows[0].u, "admin"))],
  ["tokens", "a token for another region is refused", () => refused(() => connected(() => {}, { region: "us-east-1" }), "access denied")],
  ["schema", "a table and an index", async () => {
    await pool.query("drop table if exists node_rows");
    await pool.query("create table node_rows (id int primary key, name text, n int, data jsonb, seen timestamptz)");
    await pool.query("create index async on node_rows (name)");
  }],
  ["types", "values with parameters", async () => {
    await pool.query("insert into node_rows values ($1, $2, $3, $4, $5)", [1, "ä", 5, { a: [1] }, new Date("2026-02-03T00:00:00Z")]);
    const { rows } = await pool.query("select * from node_rows where id = $1", [1]);
    deepEqual(rows[0], { id: 1, name: "ä", n: 5, data: { a: [1] }, seen: new Date("2026-02-03T00:00:00Z") });
  }],
  ["nulls", "nulls", async () => equal((await pool.query("select $1::text as v", [null])).rows[0].v, null)],
  ["arrays", "arrays as parameters", async () => equal((await pool.query("select count(*)::int as n from node_rows where id = any($1)", [[1, 2]])).rows[0].n, 1)],
  ["queries", "drizzle over the pool", async () => {
    const db = drizzle(pool);
    await db.insert(table).values({ id: 2, name: "two", data: { b: 1 } });
    deepEqual(await db.select({ name: table.name, data: table.data }).from(table).where(eq(table.id, 2)), [{ name: "two", data: { b: 1 } }]);
    await db.transaction(async (tx) => { await tx.update(table).set({ n: 7 }).where(eq(table.id, 2)); });
  }],
  ["transactions", "the later of two conflicting commits gets 40001", async () => {
    const [one, two] = [await pool.connect(), await pool.connect()];
    for (const client of [one, two]) {
      await client.query("BEGIN");
      await client.query("update node_rows set n = $1 where id = $2", [9, 1]);
    }
    await one.query("COMMIT");
    await refused(() => two.query("COMMIT"), "40001");
    one.release();
    two.release();
  }],
  ["transactions", "conflicts are retried and nothing is lost", async () => {
    await pool.query("update node_rows set n = 0 where id = 1");
    const add = () => pool.transaction((client) => client.query("update node_rows set n = n + $1 where id = 1", [1]));
    await Promise.all(Array.from({ length: 4 }, async () => { for (let turn = 0; turn < 5; turn++) await add(); }));
    equal((await pool.query("select n from node_rows where id = 1")).rows[0].n, 20);
  }],
  ["savepoints", "savepoints are refused", () => refused(() => pool.transaction((client) => client.query("savepoint one")), "0A000")],
  ["batch", "many rows, and the limit of 3,000", async () => {
    await pool.query("insert into node_rows (id) select g from generate_series(10, 1009) g");
    await refused(() => pool.query("insert into node_rows (id) select g from generate_series(5000, 8001) g"), "54000");
  }],
  ["big results", "ten thousand rows", async () => equal((await pool.query("select repeat('x', 100) from generate_series(1, 10000)")).rows.length, 10000)],
  ["errors", "codes of errors", async () => {
    await refused(() => pool.query("insert into node_rows (id) values (1)"), "23505");
    await refused(() => pool.query("create table bad (a text[])"), "0A000");
  }],
]);
