import { deepEqual, equal } from "node:assert/strict";
import * as rds from "@aws-sdk/client-rds-data";
import { address, refused, run } from "./cases.mjs";

const client = new rds.RDSDataClient({ maxAttempts: 1 });
const { database, ...place } = address;
const execute = (sql, parameters = [], more = {}) => client.send(new rds.ExecuteStatementCommand({ ...address, sql, parameters, ...more }));
const value = async (sql, parameters, more) => (await execute(sql, parameters, more)).records[0][0];
const named = (name, content, typeHint) => ({ name, value: content, ...(typeHint && { typeHint }) });

await run([
  ["types", "every kind of parameter comes back", async () => {
    deepEqual(await value("select :p", [named("p", { stringValue: "ä" })]), { stringValue: "ä" });
    deepEqual(await value("select :p", [named("p", { longValue: 5 })]), { longValue: 5 });
    deepEqual(await value("select :p", [named("p", { doubleValue: 0.5 })]), { doubleValue: 0.5 });
    deepEqual(await value("select :p", [named("p", { booleanValue: true })]), { booleanValue: true });
    deepEqual((await value("select :p", [named("p", { blobValue: new Uint8Array([0, 255]) })])).blobValue, new Uint8Array([0, 255]));
  }],
  ["types", "type hints", async () => {
    deepEqual(await value("select :p", [named("p", { stringValue: "2026-02-03 10:11:12" }, "TIMESTAMP")]), { stringValue: "2026-02-03 10:11:12" });
    deepEqual(await value("select :p", [named("p", { stringValue: "1.20" }, "DECIMAL")]), { stringValue: "1.20" });
    await refused(() => value("select :p", [named("p", { stringValue: "tomorrow" }, "DATE")]), "BadRequestException");
  }],
  ["types", "NaN and infinity are read", async () => {
    deepEqual((await execute("select 'NaN'::float8, '-Infinity'::float8")).records[0].map((field) => field.doubleValue), [NaN, -Infinity]);
  }],
  ["types", "metadata names the types", async () => {
    const answer = await execute("select 1::int4 as a, 'x'::text as b, array[1] as c", [], { includeResultMetadata: true });
    deepEqual(answer.columnMetadata.map((column) => [column.label, column.typeName]), [["a", "int4"], ["b", "text"], ["c", "_int4"]]);
  }],
  ["nulls", "null", async () => deepEqual(await value("select :p::int", [named("p", { isNull: true })]), { isNull: true })],
  ["arrays", "arrays", async () => deepEqual(await value("select array[1, 2]"), { arrayValue: { longValues: [1, 2] } })],
  ["transactions", "commit and rollback", async () => {
    await execute("drop table if exists sdk_rows");
    await execute("create table sdk_rows (a int primary key)");
    for (const [end, expected] of [[rds.RollbackTransactionCommand, 0], [rds.CommitTransactionCommand, 1]]) {
      const { transactionId } = await client.send(new rds.BeginTransactionCommand(address));
      await execute("insert into sdk_rows values (1)", [], { transactionId });
      await client.send(new end({ ...place, transactionId }));
      deepEqual(await value("select count(*) from sdk_rows"), { longValue: expected });
    }
  }],
  ["transactions", "a second query while the first one runs", async () => {
    const { transactionId } = await client.send(new rds.BeginTransactionCommand(address));
    const slow = execute("select pg_sleep(1)::text", [], { transactionId });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await refused(() => execute("select 1", [], { transactionId }), "Transaction is still running a query");
    await slow;
    await client.send(new rds.RollbackTransactionCommand({ ...place, transactionId }));
  }],
  ["savepoints", "rollback to a savepoint after an error", async () => {
    const { transactionId } = await client.send(new rds.BeginTransactionCommand(address));
    await execute("savepoint one", [], { transactionId });
    await refused(() => execute("insert into sdk_rows values (1)", [], { transactionId }), "23505");
    await execute("rollback to savepoint one", [], { transactionId });
    await execute("insert into sdk_rows values (2)", [], { transactionId });
    await client.send(new rds.CommitTransactionCommand({ ...place, transactionId }));
    deepEqual(await value("select count(*) from sdk_rows"), { longValue: 2 });
  }],
  ["batch", "sets of parameters", async () => {
    const sets = Array.from({ length: 200 }, (_, index) => [named("a", { longValue: index + 10 })]);
    const done = await client.send(new rds.BatchExecuteStatementCommand({ ...address, sql: "insert into sdk_rows values (:a)", parameterSets: sets }));
    equal(done.updateResults.length, 200);
  }],
  ["big results", "formatted as JSON", async () => {
    const { formattedRecords } = await execute("select repeat('x', 1000) as v from generate_series(1, 3000)", [], { formatRecordsAs: "JSON" });
    equal(JSON.parse(formattedRecords).length, 3000);
  }],
  ["big results", "over 1 MiB", async () => refused(() => execute("select repeat('x', 1000) from generate_series(1, 3000)"), "UnsupportedResultException")],
  ["errors", "the exceptions have their classes", async () => {
    await execute("select * from nope").catch((error) => { if (!(error instanceof rds.DatabaseErrorException)) throw error; });
    await execute("select :missing").catch((error) => { if (!(error instanceof rds.BadRequestException)) throw error; });
    await execute("select 1", [], { transactionId: "none" }).catch((error) => { if (!(error instanceof rds.TransactionNotFoundException)) throw error; });
  }],
  ["errors", "two statements", async () => refused(() => execute("select 1; select 2"), "Multistatements aren't supported.")],
  ["errors", "the schema parameter", async () => refused(() => execute("select 1", [], { schema: "public" }), "schema parameter isn't supported")],
]);
