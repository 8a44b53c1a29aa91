import { equal } from "node:assert/strict";
import knex from "knex";
import clients from "knex-aurora-data-api-client";
import { address, refused, run } from "./cases.mjs";

// Its SDK is the second version, which does not read AWS_ENDPOINT_URL.
const options = { endpoint: process.env.AWS_ENDPOINT_URL, region: process.env.AWS_REGION };
const db = knex({ client: clients.postgres, connection: { ...address, options } });
const count = async (table) => Number((await db(table).count())[0].count);

await run([
  ["schema", "a table is made, and found", async () => {
    await db.schema.dropTableIfExists("kd");
    await db.schema.createTable("kd", (table) => {
      table.increments();
      table.string("name").unique();
      table.jsonb("more");
      table.timestamp("at").defaultTo(db.fn.now());
      table.boolean("good");
      table.decimal("price", 8, 2);
    });
    equal(await db.schema.hasTable("kd"), true);
  }],
  ["queries", "insert returning, select", async () => {
    const [row] = await db("kd").insert({ name: "a", more: JSON.stringify({ a: 1 }), good: true, price: 1.25 }).returning("*");
    equal(`${row.more.a} ${row.good} ${row.price}`, "1 true 1.25");
    equal((await db("kd").where({ name: "a" }).first()).id, row.id);
  }],
  ["nulls", "null goes in and comes back", async () => equal((await db("kd").insert({ name: null }).returning("name"))[0].name, null)],
  ["transactions", "commit", async () => {
    await db.transaction(async (on) => {
      await on("kd").insert({ name: "b" });
      await on("kd").where({ name: "b" }).update({ good: false });
    });
    equal(await count("kd"), 3);
  }],
  ["transactions", "a failure rolls back", async () => {
    const work = () => db.transaction(async (on) => {
      await on("kd").insert({ name: "c" });
      await on("kd").insert({ name: "a" });
    });
    await refused(work, "23505");
    equal(await count("kd"), 3);
  }],
  ["schema", "migrations run once", async () => {
    const source = { getMigrations: async () => ["1"], getMigrationName: (name) => name, getMigration: async () => ({ up: (on) => on.schema.createTable("kd_step", (table) => table.increments()), down: (on) => on.schema.dropTable("kd_step") }) };
    const [, names] = await db.migrate.latest({ migrationSource: source });
    equal(names.length, 1);
    equal((await db.migrate.latest({ migrationSource: source }))[1].length, 0);
    await db.migrate.rollback({ migrationSource: source });
  }],
]);
