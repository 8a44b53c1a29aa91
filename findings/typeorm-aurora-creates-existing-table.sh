#!/usr/bin/env bash
# One would expect: TypeORM's `aurora-postgres` behaves as its `postgres` does, which it extends: without a `schema` among the options the
#   current schema is used, and `synchronize` alters the tables that are there.
# What happens: it finds the table, reads its columns and keys, and then sends CREATE TABLE for it, which PostgreSQL refuses. The postgres
#   driver asks for the current schema when it connects; the aurora one keeps to the options, so that a table of "public" is another table to it.
#   With `schema: "public"`, which means the same database, the same answers lead to ALTER TABLE.
# Why it matters: the first deployment works and each one after it fails at start-up, while the same entities synchronize in tests on PostgreSQL.
# Version and source: typeorm 1.1.1, typeorm-aurora-data-api-driver 3.0.2 (npm); connect of PostgresDriver and of AuroraPostgresDriver.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund typeorm@1.1.1 typeorm-aurora-data-api-driver@3.0.2 @aws-sdk/client-rds-data@3.1143.0 >/dev/null 2>&1
cat > synchronized.mjs <<'JS'
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { DataSource, EntitySchema } from "typeorm";

const row = (values) => ({
  columnMetadata: Object.keys(values).map((label) => ({ label, typeName: "name" })),
  records: [Object.values(values).map((value) => (value === null ? { isNull: true } : { stringValue: value }))],
});
// The least that a database with one table "orders" in its schema "public" answers; the table has no columns yet.
const answerTo = (sql) => {
  if (sql.includes("current_schema()")) return row({ current_schema: "public" });
  if (sql.includes("current_database()")) return row({ current_database: "shop" });
  if (sql.includes("obj_description")) return row({ table_schema: "public", table_name: "orders", table_comment: null });
  return { columnMetadata: [], records: [] };
};
const changes = [];
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += part)).on("end", () => {
    const { sql = "" } = JSON.parse(body);
    if (/^(create|alter)/i.test(sql)) changes.push(sql);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(request.url === "/BeginTransaction" ? { transactionId: "one" } : answerTo(sql)));
  });
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const Order = new EntitySchema({ name: "Order", tableName: "orders", columns: { id: { type: "int", primary: true } } });
const synchronized = async (options) => {
  changes.length = 0;
  const source = new DataSource({
    type: "aurora-postgres", region: "eu-west-1", database: "shop", entities: [Order], ...options,
    resourceArn: "arn:aws:rds:eu-west-1:123456789012:cluster:shop", secretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop",
    serviceConfigOptions: {
      endpoint: `http://127.0.0.1:${server.address().port}`, credentials: { accessKeyId: "none", secretAccessKey: "none" },
    },
  });
  await source.initialize();
  await source.synchronize();
  await source.destroy();
  return changes[0];
};
const without = await synchronized({});
const named = await synchronized({ schema: "public" });
server.close();
console.log("typeorm", JSON.parse(readFileSync("node_modules/typeorm/package.json")).version);
console.log("without schema, the table exists:", without);
console.log("with schema public, the same    :", named);
const same = without.startsWith('CREATE TABLE "orders"') && named.startsWith('ALTER TABLE "public"."orders"');
process.exit(same ? 0 : (console.log("the behaviour has changed"), 1));
JS
node synchronized.mjs
