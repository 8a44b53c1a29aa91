#!/usr/bin/env bash
# One would expect: the AWS SDK for JavaScript gives a longValue of the Data API, a Long in its model and the type of every bigint column, exactly: as a
#   BigInt or as text where a number cannot hold it, or with an error; at least Drizzle's `bigint({ mode: "bigint" })` is exact.
# What happens: the SDK reads the answer as JSON numbers, so 9007199254740993 arrives as 9007199254740992, of type number, without a warning. Drizzle
#   makes a BigInt of the rounded number. And Drizzle cannot send one: the value that a bigint column of this mode takes is refused with
#   "Unknown type for 9007199254740993" before any request. The answer on the wire has all digits; botocore reads them.
# Why it matters: ids of the size of snowflakes and hashes come back as the neighbour's id, and the next update is the neighbour's. A cast in the
#   statement (`id::text`) is what keeps them; no option of the SDK or of Drizzle does.
# Version and source: @aws-sdk/client-rds-data 3.1143.0, drizzle-orm 0.45.4 (npm); drizzle-orm/aws-data-api/common, toValueParam.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
npm install --silent --no-audit --no-fund @aws-sdk/client-rds-data@3.1143.0 drizzle-orm@0.45.4 >/dev/null 2>&1
cat > long.mjs <<'JS'
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { ExecuteStatementCommand, RDSDataClient } from "@aws-sdk/client-rds-data";
import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/aws-data-api/pg";
import { bigint, pgTable } from "drizzle-orm/pg-core";

const exact = "9007199254740993";
const wire = `{"records": [[{"longValue": ${exact}}]], "columnMetadata": [{"name": "id", "typeName": "int8"}]}`;
let requests = 0;
const api = createServer((request, response) => {
  request.resume().on("end", () => {
    requests += 1;
    response.setHeader("Content-Type", "application/json");
    response.end(wire);
  });
});
await new Promise((listening) => api.listen(0, "127.0.0.1", listening));
const endpoint = `http://127.0.0.1:${api.address().port}`;
const client = new RDSDataClient({ region: "eu-west-1", endpoint, credentials: { accessKeyId: "none", secretAccessKey: "none" } });
const database = { resourceArn: "cluster", secretArn: "secret", database: "orders" };
for (const name of ["@aws-sdk/client-rds-data", "drizzle-orm"]) {
  console.log(name, JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version);
}
console.log("on the wire:", wire);
const { records } = await client.send(new ExecuteStatementCommand({ ...database, sql: "select id from orders" }));
const read = records[0][0].longValue;
console.log("SDK:", typeof read, read);
const orders = pgTable("orders", { id: bigint({ mode: "bigint" }) });
const db = drizzle(client, database);
const [row] = await db.select().from(orders);
console.log("Drizzle, mode bigint:", typeof row.id, row.id);
requests = 0;
let refused = "sent";
try {
  await db.select().from(orders).where(eq(orders.id, BigInt(exact)));
} catch (error) {
  refused = (error.cause ?? error).message;
}
console.log("Drizzle, where id =", exact, "->", refused, "- requests:", requests);
api.close();
const same = read === 9007199254740992 && row.id === 9007199254740992n && refused.startsWith("Unknown type") && requests === 0;
if (!same) { console.log("the behaviour has changed"); process.exit(1); }
JS
NODE_NO_WARNINGS=1 node long.mjs
