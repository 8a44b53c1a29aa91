import { deepEqual, equal, ok } from "node:assert/strict";
import { RDSData } from "@aws-sdk/client-rds-data";
import { Kysely, Migrator, sql } from "kysely";
import { DataApiDialect } from "kysely-data-api";
import { address, refused, run } from "./cases.mjs";

const db = new Kysely({ dialect: new DataApiDialect({ mode: "postgres", driver: { client: new RDSData({}), ...address } }) });
const scalar = async (expression) => (await sql`select ${expression} as v`.execute(db)).rows[0].v;
const people = () => db.selectFrom("kysely_people").select("name").orderBy("name").execute();

await run([
  ["schema", "a table is created and dropped", async () => {
    await db.schema.dropTable("kysely_people").ifExists().execute();
    await db.schema.createTable("kysely_people")
      .addColumn("id", "serial", (column) => column.primaryKey()).addColumn("name", "text", (column) => column.unique())
      .addColumn("age", "integer").addColumn("born", "date").addColumn("seen", "timestamptz").addColumn("more", "jsonb").execute();
  }],
  ["schema", "tables are introspected", async () => {
    const tables = await db.introspection.getTables();
    const table = tables.find((each) => each.name === "kysely_people");
    deepEqual(table.columns.map((column) => column.name), ["id", "name", "age", "born", "seen", "more"]);
    ok(table.columns[0].isAutoIncrementing);
  }],
  ["schema", "migrations run once", async () => {
    const one = { up: (on) => on.schema.createTable("kysely_step").addColumn("a", "integer").execute(),
                  down: (on) => on.schema.dropTable("kysely_step").execute() };
    const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ "1": one }) } });
    const { error, results } = await migrator.migrateToLatest();
    if (error) throw error;
    equal(results.length, 1);
    const back = await migrator.migrateDown();
    if (back.error) throw back.error;
  }, "Aurora: the lock of migrations selects void, which is not returned"],
  ["types", "whole numbers, text, booleans and floats", async () => {
    deepEqual([await scalar(sql`1::int`), await scalar(sql`${"ä"}::text`), await scalar(sql`${true}`), await scalar(sql`${1.5}::float8`)], [1, "ä", true, 1.5]);
  }],
  ["types", "timestamps and dates become Date", async () => {
    equal((await scalar(sql`'2026-02-03 10:11:12+02'::timestamptz`)).toISOString(), "2026-02-03T08:11:12.000Z");
    ok((await scalar(sql`'2026-02-03'::date`)) instanceof Date);
  }],
  ["types", "JSON is parsed", async () => deepEqual(await scalar(sql`'{"a": [1]}'::jsonb`), { a: [1] })],
  ["nulls", "null goes in and comes back", async () => {
    const row = await db.insertInto("kysely_people").values({ name: null, age: null }).returningAll().executeTakeFirst();
    deepEqual([row.name, row.age], [null, null]);
  }],
  ["arrays", "arrays are read", async () => {
    deepEqual([await scalar(sql`array['a', 'b']`), await scalar(sql`array[1, 2]`)], [["a", "b"], [1, 2]]);
  }],
  ["queries", "insert, update and delete with returning", async () => {
    const row = await db.insertInto("kysely_people").values({ name: "Ana", age: 5 }).returning(["id", "age"]).executeTakeFirst();
    equal(row.age, 5);
    const changed = await db.updateTable("kysely_people").set({ age: 6 }).where("name", "=", "Ana").executeTakeFirst();
    equal(changed.numUpdatedRows, 1n);
    const gone = await db.deleteFrom("kysely_people").where("name", "is", null).executeTakeFirst();
    equal(gone.numDeletedRows, 1n);
  }],
  ["queries", "where in, between, order and limit", async () => {
    await db.insertInto("kysely_people").values([{ name: "Ben", age: 7 }, { name: "Cia", age: 8 }]).execute();
    const rows = await db.selectFrom("kysely_people").select("name").where("age", "in", [7, 8]).where("name", "like", "C%").limit(5).execute();
    deepEqual(rows, [{ name: "Cia" }]);
  }],
  ["queries", "on conflict", async () => {
    await db.insertInto("kysely_people").values({ name: "Ana", age: 9 }).onConflict((on) => on.column("name").doUpdateSet({ age: 9 })).execute();
    equal((await db.selectFrom("kysely_people").select("age").where("name", "=", "Ana").executeTakeFirst()).age, 9);
  }],
  ["transactions", "a transaction is committed", async () => {
    await db.transaction().execute((tx) => tx.insertInto("kysely_people").values({ name: "Dan", age: 1 }).execute());
    ok((await people()).some((row) => row.name === "Dan"));
  }],
  ["transactions", "a transaction is rolled back", async () => {
    await refused(() => db.transaction().execute(async (tx) => {
      await tx.insertInto("kysely_people").values({ name: "Eva", age: 1 }).execute();
      throw new Error("back");
    }), "back");
    ok(!(await people()).some((row) => row.name === "Eva"));
  }],
  ["savepoints", "a failed statement is undone to its savepoint", async () => {
    await db.transaction().execute(async (tx) => {
      await sql`savepoint one`.execute(tx);
      await refused(() => tx.insertInto("kysely_people").values({ name: "Ana", age: 1 }).execute(), "23505");
      await sql`rollback to savepoint one`.execute(tx);
      await tx.insertInto("kysely_people").values({ name: "Fay", age: 1 }).execute();
    });
    ok((await people()).some((row) => row.name === "Fay"));
  }],
  ["batch", "many rows in one insert", async () => {
    const rows = Array.from({ length: 300 }, (_, index) => ({ name: `many ${index}`, age: index }));
    await db.insertInto("kysely_people").values(rows).execute();
    equal((await db.selectFrom("kysely_people").select("id").where("name", "like", "many %").execute()).length, 300);
  }],
  ["big results", "more than 1 MiB is refused", async () => {
    await refused(() => sql`select repeat('x', 10000) from generate_series(1, 200)`.execute(db), "UnsupportedResultException");
  }],
  ["errors", "a duplicate key names its SQLSTATE", async () => {
    await refused(() => db.insertInto("kysely_people").values({ name: "Ana", age: 1 }).execute(), "23505");
  }],
  ["errors", "an unknown table", async () => refused(() => db.selectFrom("nope").selectAll().execute(), "42P01")],
]);
