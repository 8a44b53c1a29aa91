import { deepEqual, equal } from "node:assert/strict";
import { RDSDataClient } from "@aws-sdk/client-rds-data";
import { and, asc, count, eq, gt, inArray, like, sql, sum } from "drizzle-orm";
import { drizzle } from "drizzle-orm/aws-data-api/pg";
import * as pg from "drizzle-orm/pg-core";
import { address, refused, run } from "./cases.mjs";

const db = drizzle(new RDSDataClient({}), address);

const users = pg.pgTable("drizzle_users", {
  id: pg.serial("id").primaryKey(),
  name: pg.text("name").notNull(),
  email: pg.varchar("email", { length: 80 }).unique(),
  active: pg.boolean("active").default(true).notNull(),
  created: pg.timestamp("created").defaultNow(),
});
const posts = pg.pgTable("drizzle_posts", {
  id: pg.serial("id").primaryKey(),
  userId: pg.integer("user_id").references(() => users.id),
  title: pg.text("title").notNull(),
});
const mood = pg.pgEnum("drizzle_mood", ["sad", "happy"]);
const kinds = pg.pgTable("drizzle_kinds", {
  id: pg.serial("id").primaryKey(),
  small: pg.smallint("small"),
  whole: pg.integer("whole"),
  big: pg.bigint("big", { mode: "number" }),
  exact: pg.numeric("exact", { precision: 12, scale: 3 }),
  single: pg.real("single"),
  double: pg.doublePrecision("double"),
  flag: pg.boolean("flag"),
  text: pg.text("text"),
  short: pg.char("short", { length: 4 }),
  day: pg.date("day"),
  clock: pg.time("clock"),
  stamp: pg.timestamp("stamp", { mode: "string" }),
  moment: pg.timestamp("moment", { withTimezone: true }),
  uuid: pg.uuid("uuid"),
  json: pg.json("json"),
  jsonb: pg.jsonb("jsonb"),
  mood: mood("mood"),
  words: pg.text("words").array(),
  numbers: pg.integer("numbers").array(),
  network: pg.cidr("network"),
  span: pg.interval("span"),
});

const ddl = [
  "drop table if exists drizzle_posts", "drop table if exists drizzle_users", "drop table if exists drizzle_kinds",
  "drop type if exists drizzle_mood", "create type drizzle_mood as enum ('sad', 'happy')",
  `create table drizzle_users (id serial primary key, name text not null, email varchar(80) unique,
    active boolean not null default true, created timestamp default now())`,
  "create table drizzle_posts (id serial primary key, user_id int references drizzle_users, title text not null)",
  `create table drizzle_kinds (id serial primary key, small smallint, whole int, big bigint, exact numeric(12, 3),
    single real, double double precision, flag boolean, text text, short char(4), day date, clock time,
    stamp timestamp, moment timestamptz, uuid uuid, json json, jsonb jsonb, mood drizzle_mood, words text[],
    numbers int[], network cidr, span interval)`,
];

const roundTrip = (column, value, expected = value, limit) => [
  "types", `${column} goes in and comes back`, async () => {
    const [row] = await db.insert(kinds).values({ [column]: value }).returning({ value: kinds[column] });
    deepEqual(row.value, expected);
  }, limit,
];
const nothing = (column) => ["nulls", `${column} is null`, async () => {
  const [row] = await db.insert(kinds).values({ [column]: null }).returning({ value: kinds[column] });
  equal(row.value, null);
}];
const emptied = async () => {
  await db.delete(posts);
  await db.delete(users);
};
const names = async () => (await db.select({ name: users.name }).from(users).orderBy(asc(users.name))).map((row) => row.name);
const CAST = "Aurora: a string is bound as text, which has no assignment cast to this type";

await run([
  ["schema", "tables are created", async () => { for (const line of ddl) await db.execute(sql.raw(line)); }],
  roundTrip("small", 7), roundTrip("whole", -5), roundTrip("big", 9007199254740991),
  roundTrip("exact", "12.340", "12.340"), roundTrip("single", 1.5), roundTrip("double", 0.1),
  roundTrip("double", 3, 3), roundTrip("flag", false), roundTrip("text", "ä€ 'quoted' ; :1 $1"),
  roundTrip("short", "ab", "ab  "), roundTrip("day", "2026-02-03"), roundTrip("clock", "10:11:12"),
  roundTrip("stamp", "2026-02-03 10:11:12.123"), roundTrip("moment", new Date("2026-02-03T10:11:12.250Z")),
  roundTrip("uuid", "12345678-1234-1234-1234-123456789abc"), roundTrip("json", { a: [1, null] }),
  roundTrip("jsonb", { a: "b" }), roundTrip("mood", "happy", "happy", CAST),
  roundTrip("words", ["a", "b,c"], ["a", "b,c"]),
  roundTrip("numbers", [1, 2], [1, 2]),
  ["types", "an enum goes in with a cast", async () => {
    const [row] = await db.insert(kinds).values({ mood: sql`${"sad"}::drizzle_mood` }).returning({ value: kinds.mood });
    equal(row.value, "sad");
  }],
  roundTrip("network", "10.0.0.0/8", "10.0.0.0/8", CAST),
  roundTrip("span", "1 day", "1 day", CAST),
  ...["whole", "exact", "flag", "text", "day", "moment", "uuid", "jsonb"].map(nothing),
  ["arrays", "an array is read", async () => {
    const rows = await db.execute(sql`select array['a', 'b'] as words, array[1, 2] as numbers`);
    deepEqual(rows.rows, [{ words: ["a", "b"], numbers: [1, 2] }]);
  }],
  ["arrays", "an array is compared with a parameter", async () => {
    const rows = await db.execute(sql`select array['a', 'b'] && array[${"b"}] as found`);
    deepEqual(rows.rows, [{ found: true }]);
  }],
  ["arrays", "a slice beside numbered parameters", async () => {
    const rows = await db.execute(sql`select (array[10, 20, 30])[1:2] as part, ${1}::int as one`);
    deepEqual(rows.rows, [{ part: [10, 20], one: 1 }]);
  }],
  ["queries", "insert, select with where, order and limit", async () => {
    await emptied();
    await db.insert(users).values([{ name: "Ana" }, { name: "Ben" }, { name: "Cia", active: false }]);
    const rows = await db.select({ name: users.name }).from(users)
      .where(and(eq(users.active, true), gt(users.id, 0))).orderBy(asc(users.name)).limit(1).offset(1);
    deepEqual(rows, [{ name: "Ben" }]);
  }],
  ["queries", "in, like and aggregates", async () => {
    const rows = await db.select({ n: count(), total: sum(users.id) }).from(users)
      .where(and(inArray(users.name, ["Ana", "Ben"]), like(users.name, "%n%")));
    equal(rows[0].n, 2);
  }],
  ["queries", "update and delete return rows", async () => {
    const changed = await db.update(users).set({ email: "a@b.c" }).where(eq(users.name, "Ana")).returning();
    equal(changed[0].email, "a@b.c");
    equal((await db.delete(users).where(eq(users.name, "Cia")).returning()).length, 1);
  }],
  ["queries", "on conflict do update", async () => {
    const [row] = await db.insert(users).values({ name: "Dan", email: "a@b.c" })
      .onConflictDoUpdate({ target: users.email, set: { name: "Eva" } }).returning();
    equal(row.name, "Eva");
  }],
  ["queries", "left join", async () => {
    const [user] = await db.select().from(users).limit(1);
    await db.insert(posts).values({ userId: user.id, title: "one" });
    const rows = await db.select().from(users).leftJoin(posts, eq(posts.userId, users.id)).orderBy(asc(posts.id));
    equal(rows[0].drizzle_posts.title, "one");
  }],
  ["queries", "a prepared query with placeholders", async () => {
    const query = db.select().from(users).where(eq(users.name, sql.placeholder("name"))).prepare("by_name");
    equal((await query.execute({ name: "Ben" })).length, 1);
  }],
  ["transactions", "a transaction is committed", async () => {
    await emptied();
    await db.transaction(async (tx) => { await tx.insert(users).values({ name: "kept" }); });
    deepEqual(await names(), ["kept"]);
  }],
  ["transactions", "a transaction is rolled back", async () => {
    await refused(() => db.transaction(async (tx) => {
      await tx.insert(users).values({ name: "lost" });
      tx.rollback();
    }), "Rollback");
    deepEqual(await names(), ["kept"]);
  }],
  ["transactions", "settings of a transaction", async () => {
    await db.transaction(async (tx) => { await tx.select().from(users); }, { isolationLevel: "repeatable read", accessMode: "read only" });
  }],
  ["savepoints", "a nested transaction is kept", async () => {
    await emptied();
    await db.transaction(async (tx) => {
      await tx.insert(users).values({ name: "outer" });
      await tx.transaction(async (inner) => { await inner.insert(users).values({ name: "inner" }); });
    });
    deepEqual(await names(), ["inner", "outer"]);
  }],
  ["savepoints", "a nested transaction fails and the outer one goes on", async () => {
    await emptied();
    await db.transaction(async (tx) => {
      await tx.insert(users).values({ name: "one", email: "x" });
      await refused(() => tx.transaction(async (inner) => { await inner.insert(users).values({ name: "two", email: "x" }); }), "23505");
      await tx.insert(users).values({ name: "three" });
    });
    deepEqual(await names(), ["one", "three"]);
  }],
  ["batch", "many rows in one insert", async () => {
    await emptied();
    await db.insert(users).values(Array.from({ length: 500 }, (_, index) => ({ name: `user ${index}`, email: `${index}` })));
    equal((await db.select({ n: count() }).from(users))[0].n, 500);
  }],
  ["big results", "half a MiB is read", async () => {
    equal((await db.execute(sql`select repeat('x', 10000) as v from generate_series(1, 50)`)).rows.length, 50);
  }],
  ["big results", "more than 1 MiB is refused", async () => {
    await refused(() => db.execute(sql`select repeat('x', 10000) as v from generate_series(1, 200)`), "UnsupportedResultException");
  }],
  ["errors", "a duplicate key names its SQLSTATE", async () => {
    await refused(() => db.insert(users).values([{ name: "a", email: "y" }, { name: "b", email: "y" }]), "23505");
  }],
  ["errors", "a syntax error has its position", async () => refused(() => db.execute(sql.raw("selec 1")), "Position: 1")],
  ["errors", "an unsupported type is refused", async () => refused(() => db.execute(sql`select '(1,2)'::point`), "UnsupportedResultException")],
]);
