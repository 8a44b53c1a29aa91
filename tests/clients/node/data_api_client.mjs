import { deepEqual, equal, ok } from "node:assert/strict";
import dataApi from "data-api-client";
import { address, refused, run } from "./cases.mjs";

// Its SDK is the second version, which does not read AWS_ENDPOINT_URL.
const options = { endpoint: process.env.AWS_ENDPOINT_URL, region: process.env.AWS_REGION };
const api = dataApi({ ...address, engine: "pg", options });
const first = async (sql, values) => Object.values((await api.query(sql, values)).records[0])[0];

await run([
  ["schema", "a table is made", async () => {
    await api.query("drop table if exists dac");
    await api.query("create table dac (id serial primary key, name text unique, more jsonb, key uuid)");
  }],
  ["types", "numbers, text, booleans, null", async () => {
    deepEqual([await first("select :v::int", { v: 1 }), await first("select :v", { v: "ä" }), await first("select :v", { v: true }), await first("select :v::text", { v: null })], [1, "ä", true, null]);
  }],
  ["types", "a Date goes in and comes back", async () => equal((await first("select :v::timestamptz", { v: new Date(0) })).toISOString(), "1970-01-01T00:00:00.000Z")],
  ["types", "bytes", async () => equal((await first("select :v::bytea", { v: Buffer.from("abc") })).toString(), "abc")],
  ["types", "casts of parameters", async () => {
    const values = [{ name: "more", value: '{"a":1}', cast: "jsonb" }, { name: "key", value: "6f9619ff-8b86-d011-b42d-00cf4fc964ff", cast: "uuid" }];
    equal((await api.query("insert into dac(name, more, key) values('cast', :more, :key) returning id", values)).records[0].id, 1);
  }],
  ["queries", "rows by name", async () => equal((await api.query("select * from dac where name = :name", { name: "cast" })).records[0].key.slice(0, 8), "6f9619ff")],
  ["batch", "sets of parameters", async () => {
    equal((await api.query("insert into dac(name) values(:name)", [[{ name: "b" }], [{ name: "c" }]])).updateResults.length, 2);
  }],
  ["transactions", "commit", async () => {
    const done = await api.transaction().query("insert into dac(name) values(:n)", { n: "x" }).query(() => ["delete from dac where name = :n", { n: "b" }]).commit();
    ok(done.at(-1).transactionStatus.includes("Committed"));
  }],
  ["transactions", "a failure rolls back", async () => {
    let status = "";
    const begun = api.transaction().query("insert into dac(name) values(:n)", { n: "y" }).query("insert into dac(name) values('x')").rollback((_error, state) => { status = state; });
    await refused(() => begun.commit(), "23505");
    ok(JSON.stringify(status).includes("Rollback"), JSON.stringify(status));
    equal(await first("select count(*)::int from dac where name = 'y'"), 0);
  }],
  ["arrays", "an array is read", async () => deepEqual(await first("select array[1, 2]"), [1, 2]), "data-api-client: an array is given as the field of the API"],
  ["errors", "the SQLSTATE of a missing table", async () => refused(() => api.query("select * from nope"), "42P01")],
]);
