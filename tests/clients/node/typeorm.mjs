import { deepEqual, equal, ok } from "node:assert/strict";
import { DataSource, EntitySchema, In, Like } from "typeorm";
import { address, refused, run } from "./cases.mjs";

const Author = new EntitySchema({
  name: "Author", tableName: "typeorm_author",
  columns: {
    id: { type: "int", primary: true, generated: true },
    name: { type: "varchar", length: 60, unique: true },
    age: { type: "int", nullable: true },
    score: { type: "numeric", precision: 8, scale: 2, nullable: true },
    active: { type: "boolean", default: true },
    born: { type: "date", nullable: true },
    seen: { type: "timestamp", nullable: true },
    more: { type: "jsonb", nullable: true },
  },
  relations: { books: { type: "one-to-many", target: "Book", inverseSide: "author" } },
});
const Book = new EntitySchema({
  name: "Book", tableName: "typeorm_book",
  columns: { id: { type: "uuid", primary: true, generated: "uuid" }, title: { type: "text" } },
  relations: { author: { type: "many-to-one", target: "Author", inverseSide: "books", joinColumn: true } },
});
const source = new DataSource({
  type: "aurora-postgres", region: process.env.AWS_REGION, ...address, entities: [Author, Book], synchronize: false,
  uuidExtension: "pgcrypto", // the PostgreSQL of the wheel has no uuid-ossp
  serviceConfigOptions: { endpoint: process.env.AWS_ENDPOINT_URL }, formatOptions: { castParameters: true },
});
const authors = () => source.getRepository("Author");

await run([
  ["schema", "it connects", async () => { await source.initialize(); }],
  ["schema", "tables are synchronized", async () => {
    for (const table of ["typeorm_book", "typeorm_author"]) await source.query(`drop table if exists ${table} cascade`);
    await source.synchronize();
  }],
  ["schema", "a second synchronization changes nothing", async () => { await source.synchronize(); },
    "TypeORM: the Aurora driver does not ask for the current schema, and looks for its tables without one"],
  ["types", "an entity goes in and comes back", async () => {
    await authors().save({ name: "Ana", age: 5, score: "1.50", active: false, born: "2026-02-03", more: { a: [1] } });
    const row = await authors().findOneByOrFail({ name: "Ana" });
    deepEqual([row.age, row.score, row.active, row.born, row.more], [5, "1.50", false, "2026-02-03", { a: [1] }]);
  }],
  ["types", "timestamps", async () => {
    const seen = new Date("2026-02-03T10:11:12.250Z");
    await authors().save({ name: "Ben", seen });
    ok((await authors().findOneByOrFail({ name: "Ben" })).seen instanceof Date);
  }],
  ["nulls", "null columns", async () => {
    const row = await authors().findOneByOrFail({ name: "Ben" });
    deepEqual([row.age, row.score, row.more], [null, null, null]);
  }],
  ["arrays", "an array is read", async () => deepEqual((await source.query("select array[1, 2] as v"))[0].v, [1, 2]),
    "typeorm-aurora-data-api-driver: an array is given as the field of the API"],
  ["queries", "find with operators and order", async () => {
    const rows = await authors().find({ where: { name: In(["Ana", "Ben"]) }, order: { name: "DESC" }, take: 1 });
    equal(rows[0].name, "Ben");
    equal(await authors().count({ where: { name: Like("A%") } }), 1);
  }],
  ["queries", "update, increment and delete", async () => {
    equal((await authors().update({ name: "Ana" }, { age: 6 })).affected ?? 1, 1);
    await authors().increment({ name: "Ana" }, "age", 2);
    equal((await authors().findOneByOrFail({ name: "Ana" })).age, 8);
    await authors().delete({ name: "Ben" });
    equal(await authors().countBy({ name: "Ben" }), 0);
  }],
  ["queries", "relations are joined", async () => {
    const author = await authors().findOneByOrFail({ name: "Ana" });
    await source.getRepository("Book").save({ title: "one", author });
    equal((await authors().findOneOrFail({ where: { name: "Ana" }, relations: { books: true } })).books[0].title, "one");
  }],
  ["queries", "a query builder with parameters", async () => {
    const row = await authors().createQueryBuilder("a").where("a.age > :age and a.name = :name", { age: 5, name: "Ana" }).getOne();
    equal(row.name, "Ana");
  }],
  ["transactions", "a transaction is committed", async () => {
    await source.transaction((manager) => manager.getRepository("Author").save({ name: "Cia" }));
    equal(await authors().countBy({ name: "Cia" }), 1);
  }],
  ["transactions", "a transaction is rolled back", async () => {
    await refused(() => source.transaction(async (manager) => {
      await manager.getRepository("Author").save({ name: "Dan" });
      throw new Error("back");
    }), "back");
    equal(await authors().countBy({ name: "Dan" }), 0);
  }],
  ["savepoints", "a nested transaction fails and the outer one goes on", async () => {
    await source.transaction(async (manager) => {
      await manager.query("savepoint one");
      await refused(() => manager.query("insert into typeorm_author (name) values ('Ana')"), "23505");
      await manager.query("rollback to savepoint one");
      await manager.getRepository("Author").save({ name: "Eva" });
    });
    equal(await authors().countBy({ name: "Eva" }), 1);
  }],
  ["batch", "many entities are saved at once", async () => {
    await authors().save(Array.from({ length: 200 }, (_, index) => ({ name: `many ${index}` })));
    equal(await authors().countBy({ name: Like("many %") }), 200);
  }],
  ["big results", "more than 1 MiB is refused", async () => refused(() => source.query("select repeat('x', 10000) from generate_series(1, 200)"), "1 MB")],
  ["errors", "a duplicate key names its SQLSTATE", async () => refused(() => authors().insert({ name: "Ana" }), "23505")],
  ["errors", "an unknown column", async () => refused(() => source.query("select nope from typeorm_author"), "42703")],
]);
