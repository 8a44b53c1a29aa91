import { deepEqual, equal, ok } from "node:assert/strict";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import postgres from "postgres";
import { refused, run } from "./cases.mjs";
import { ca, reboot, token, where } from "./postgres.mjs";

const { user: username, ...rest } = where;
const sql = postgres({ ...rest, username, max: 5, onnotice: () => {} });

await run([
  ["connection", "verified TLS; another name and a wrong password are refused", async () => {
    equal((await sql`select current_user as u`)[0].u, username);
    await refused(() => postgres({ ...rest, username, password: "wrong" })`select 1`, "28P01");
    await refused(() => postgres({ ...rest, username, ssl: false })`select 1`, "28000");
    await refused(() => postgres({ ...rest, username, ssl: { ca, checkServerIdentity: () => new Error("another name") } })`select 1`, "another name");
  }],
  ["connection", "sslnegotiation=direct", async () => {
    const direct = postgres({ ...rest, username, sslnegotiation: "direct" });
    equal((await direct`select 1 as n`)[0].n, 1);
    await direct.end();
  }],
  ["tokens", "a function that gives an IAM token", async () => {
    await sql`drop role if exists porsaged`;
    await sql.unsafe("create user porsaged; grant rds_iam to porsaged");
    const other = postgres({ ...rest, username: "porsaged", password: () => token("porsaged") });
    equal((await other`select current_user as u`)[0].u, "porsaged");
    await other.end();
  }],
  ["types", "values of each type", async () => {
    const when = new Date("2026-02-03T10:11:12.345Z");
    const [row] = await sql`select ${5}::int8 as n, ${"1.50"}::numeric as d, ${"ä€😀"}::text as s, ${Buffer.from([0, 255])}::bytea as b, ${when}::timestamptz as w, ${sql.json({ a: [1, null] })}::jsonb as j, ${sql.array([1, 2])}::int[] as a, ${null}::text as z, array['a,b', '"'] as t`;
    deepEqual({ ...row }, { n: "5", d: "1.50", s: "ä€😀", b: Buffer.from([0, 255]), w: when, j: { a: [1, null] }, a: [1, 2], z: null, t: ["a,b", '"'] });
  }],
  ["arrays", "NULL in an array", async () => deepEqual((await sql`select array['a', null] as t`)[0].t, ["a", null]), "postgres: NULL in an array is read as the text NULL"],
  ["batch", "helpers for rows, columns and a list", async () => {
    await sql.unsafe("drop table if exists porsager_rows; create table porsager_rows (id int primary key, name text)");
    const rows = Array.from({ length: 3000 }, (_, id) => ({ id, name: `n${id}` }));
    equal((await sql`insert into porsager_rows ${sql(rows, "id", "name")} returning id`).length, 3000);
    equal((await sql`select * from porsager_rows where id in ${sql([1, 2, 3])}`).length, 3);
    equal((await sql`update porsager_rows set ${sql({ name: "x" })} where id = 1`).count, 1);
  }],
  ["prepared", "the same statement twice after the schema changed", async () => {
    const all = () => sql`select * from porsager_rows where id = ${1}`;
    equal(Object.keys((await all())[0]).length, 2);
    await sql`alter table porsager_rows add column more int`;
    equal(Object.keys((await all())[0]).length, 3);
  }],
  ["transactions", "rollback, savepoints, and several statements sent at once", async () => {
    await sql.begin(async (t) => {
      await refused(() => t.savepoint((s) => s`insert into porsager_rows (id) values (1)`), "23505");
      deepEqual((await Promise.all([1, 2, 3].map((n) => t`select ${n}::int as n`))).map(([row]) => row.n), [1, 2, 3]);
    });
    await refused(() => sql.begin("isolation level serializable", async (t) => { await t`delete from porsager_rows`; throw new Error("back"); }), "back");
    equal(Number((await sql`select count(*) from porsager_rows`)[0].count), 3000);
  }],
  ["cursors", "a cursor, and forEach over many rows", async () => {
    let rows = 0;
    for await (const part of sql`select id from porsager_rows`.cursor(100)) rows += part.length;
    equal(rows, 3000);
    let bytes = 0;
    await sql`select repeat('x', 10000) as v from generate_series(1, 2000)`.forEach((row) => { bytes += row.v.length; });
    equal(bytes, 20_000_000);
  }],
  ["copy", "in and out", async () => {
    await sql.unsafe("drop table if exists porsager_copied; create table porsager_copied (a int, b text)");
    await pipeline(Readable.from(Array.from({ length: 20000 }, (_, n) => `${n}\tx\n`)), await sql`copy porsager_copied from stdin`.writable());
    let lines = 0;
    for await (const chunk of await sql`copy porsager_copied to stdout`.readable()) lines += chunk.toString().split("\n").length - 1;
    equal(lines, 20000);
  }],
  ["notifications", "listen, notify, and unlisten", async () => {
    const heard = new Promise((resolve) => sql.listen("porsager", resolve).then(() => sql.notify("porsager", "one")));
    equal(await heard, "one");
  }],
  ["timeouts", "a query is cancelled", async () => {
    const slow = sql`select pg_sleep(20)`;
    const failed = refused(() => slow, "57014");
    setTimeout(() => slow.cancel(), 200);
    await failed;
  }],
  ["errors", "PostgreSQL's codes", async () => {
    for (const [text, code] of [["select * from nope", "42P01"], ["selec", "42601"], ["select 1/0", "22012"]]) await refused(() => sql.unsafe(text), code);
  }],
  ["pool", "a reboot of the writer: it connects again", async () => {
    await reboot();
    for (let n = 0; n < 10; n++) {
      try {
        return equal((await sql`select 1 as n`)[0].n, 1);
      } catch (error) {
        ok(/terminat|CONNECTION_|ECONNRESET/i.test(`${error.code} ${error.message}`), error.message);
      }
    }
    throw new Error("no connection after ten tries");
  }],
]);
