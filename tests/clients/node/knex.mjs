import { deepEqual, equal, ok } from "node:assert/strict";
import { once } from "node:events";
import { pipeline } from "node:stream/promises";
import { Readable } from "node:stream";
import knexFactory from "knex";
import { Model } from "objection";
import pgCopy from "pg-copy-streams";
import QueryStream from "pg-query-stream";
import pg from "pg";
import { refused, run } from "./cases.mjs";
import { ca, reboot, token, where } from "./postgres.mjs";

const knex = knexFactory({ client: "pg", connection: where, pool: { min: 1, max: 5 } });
class Planet extends Model {
  static tableName = "knex_planets";
  static relationMappings = () => ({ moons: { relation: Model.HasManyRelation, modelClass: Moon, join: { from: "knex_planets.id", to: "knex_moons.planet_id" } } });
}
class Moon extends Model {
  static tableName = "knex_moons";
}
Model.knex(knex);
const steps = ["one", "two"].map((name) => ({ name, up: (k) => k.schema.createTable(`knex_${name}`, (t) => t.increments()), down: (k) => k.schema.dropTable(`knex_${name}`) }));
const migrations = { tableName: "knex_versions", migrationSource: { getMigrations: async () => steps, getMigrationName: (step) => step.name, getMigration: async (step) => step } };
const client = async (work, more = {}) => {
  const connection = new pg.Client({ ...where, ...more });
  await connection.connect();
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
};

await run([
  ["connection", "verified TLS; another name, no TLS and a wrong password are refused", async () => {
    equal((await knex.raw("select current_user as u")).rows[0].u, where.user);
    for (const [more, words] of [[{ ssl: { ca, checkServerIdentity: () => new Error("another name") } }, "name"], [{ ssl: false }, "no encryption"], [{ password: "wrong" }, "28P01"]]) {
      await refused(() => client(() => {}, more), words);
    }
  }],
  ["tokens", "a function that gives an IAM token for each connection", async () => {
    await knex.raw("drop role if exists knexed; create user knexed; grant rds_iam to knexed");
    const other = knexFactory({ client: "pg", connection: async () => ({ ...where, user: "knexed", password: await token("knexed"), expirationChecker: () => false }) });
    equal((await other.raw("select current_user as u")).rows[0].u, "knexed");
    await other.destroy();
  }],
  ["schema", "migrations up and down, and their lock", async () => {
    await knex.migrate.rollback({ ...migrations }, true);
    deepEqual((await knex.migrate.latest(migrations))[1], ["one", "two"]);
    deepEqual((await knex.migrate.latest(migrations))[1], []);
    equal(await knex.migrate.currentVersion(migrations), "two");
    deepEqual((await knex.migrate.rollback(migrations, true))[1], ["two", "one"]);
  }],
  ["types", "values of each type", async () => {
    await knex.schema.dropTableIfExists("knex_rows");
    await knex.schema.createTable("knex_rows", (t) => {
      t.increments();
      for (const [name, kind] of Object.entries({ n: "bigint", d: "numeric", f: "double precision", s: "text", b: "bytea", w: "timestamptz", j: "jsonb", a: "int[]", r: "int4range", i: "interval", u: "uuid" })) t.specificType(name, kind);
    });
    const given = { n: "9007199254740993", d: "1.50", f: 0.5, s: "ä€😀", b: Buffer.from([0, 255]), w: new Date("2026-02-03T10:11:12.345Z"), j: { a: [1, null] }, a: [1, 2], r: "[1,5)", u: "12345678-1234-1234-1234-123456789abc" };
    const [row] = await knex("knex_rows").insert({ ...given, i: "1 year 2 days" }).returning("*");
    const { id, i, ...found } = row;
    deepEqual(found, given);
    deepEqual({ ...i }, { years: 1, days: 2 });
  }],
  ["batch", "batchInsert, an upsert, and returning", async () => {
    equal((await knex.batchInsert("knex_rows", Array.from({ length: 5000 }, (_, n) => ({ n })), 500).returning("id")).length, 5000);
    deepEqual(await knex("knex_rows").insert({ id: 1, s: "again" }).onConflict("id").merge().returning("s"), [{ s: "again" }]);
  }],
  ["transactions", "rollback, savepoint, and isolation", async () => {
    await knex.transaction(async (t) => {
      await refused(() => t.transaction((inner) => inner("knex_rows").insert({ id: 1 })), "23505");
      equal((await t.raw("show transaction_isolation")).rows[0].transaction_isolation, "serializable");
    }, { isolationLevel: "serializable" });
    await refused(() => knex.transaction(async (t) => { await t("knex_rows").delete(); throw new Error("back"); }), "back");
    ok(Number((await knex("knex_rows").count("* as n"))[0].n) > 5000);
  }],
  ["objection", "a graph goes in and comes back with its relation", async () => {
    await knex.schema.dropTableIfExists("knex_moons").dropTableIfExists("knex_planets");
    await knex.schema.createTable("knex_planets", (t) => { t.increments(); t.string("name"); });
    await knex.schema.createTable("knex_moons", (t) => { t.increments(); t.string("name"); t.integer("planet_id").references("knex_planets.id"); });
    await Planet.query().insertGraph({ name: "Mars", moons: [{ name: "Phobos" }, { name: "Deimos" }] });
    const [mars] = await Planet.query().withGraphFetched("moons").where("name", "Mars");
    deepEqual(mars.moons.map((row) => row.name).sort(), ["Deimos", "Phobos"]);
    await refused(() => Moon.query().insert({ name: "lost", planet_id: 99 }), "ForeignKeyViolationError");
  }],
  ["cursors", "a stream of thirty megabytes", async () => client(async (c) => {
    let bytes = 0;
    for await (const row of c.query(new QueryStream("select repeat('x', 10000) as v from generate_series(1, 3000)", [], { batchSize: 100 }))) bytes += row.v.length;
    equal(bytes, 30_000_000);
  })],
  ["copy", "in and out by streams", async () => client(async (c) => {
    await c.query("create temp table copied (a int, b text)");
    await pipeline(Readable.from(Array.from({ length: 20000 }, (_, n) => `${n}\tä${n}\n`)), c.query(pgCopy.from("copy copied from stdin")));
    let lines = 0;
    for await (const chunk of c.query(pgCopy.to("copy copied to stdout"))) lines += chunk.toString("latin1").split("\n").length - 1;
    equal(lines, 20000);
  })],
  ["notifications", "LISTEN and NOTIFY", async () => client(async (c) => {
    await c.query("listen node_news");
    const heard = once(c, "notification");
    await knex.raw("select pg_notify('node_news', 'one')");
    equal((await heard)[0].payload, "one");
  })],
  ["timeouts", "statement_timeout, query_timeout and knex's own with cancel", async () => {
    await refused(() => client((c) => c.query("select pg_sleep(9)"), { statement_timeout: 200 }), "57014");
    await refused(() => client((c) => c.query("select pg_sleep(1)"), { query_timeout: 200 }), "timeout");
    await refused(() => knex.raw("select pg_sleep(9)").timeout(200, { cancel: true }), "Timeout");
    equal((await knex.raw("select count(*)::int as n from pg_stat_activity where query = 'select pg_sleep(9)' and state = 'active'")).rows[0].n, 0);
  }],
  ["pool", "thirty queries over five connections", async () => deepEqual((await Promise.all(Array.from({ length: 30 }, (_, n) => knex.raw("select ?::int as n from pg_sleep(0.02)", [n])))).map((done) => done.rows[0].n), Array.from({ length: 30 }, (_, n) => n))],
  ["pool", "a reboot of the writer: the pool connects again", async () => {
    await reboot();
    for (let n = 0; n < 10; n++) {
      try {
        equal((await knex.raw("select 1 as n")).rows[0].n, 1);
        return;
      } catch (error) {
        ok(/terminat|ECONNRESET|closed/i.test(error.message), error.message);
      }
    }
    throw new Error("no connection after ten tries");
  }],
]);
