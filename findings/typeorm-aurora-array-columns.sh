#!/usr/bin/env bash
# One would expect: a column that TypeORM lets an entity declare as an array (`type: "text", array: true`) is written and read as a JavaScript
#   array over the Data API, or the entity is refused when the connection is made.
# What happens: the entity is accepted and its table created with `text array`. A row that another client wrote is read as the API's own object,
#   { stringValues: [...] }, in place of the array; to insert an array fails with "'param_2' is an invalid type", which names no column.
# Why it matters: the code that reads sees an object that is neither empty nor an array, so `tags.length` is undefined and `for ... of` raises,
#   in the entity's user and not in the driver. A "simple-array" column (text with commas) or JSON is what works.
# Version and source: typeorm 1.1.1, typeorm-aurora-data-api-driver 3.0.2 (npm); the Data API returns arrays and takes none as parameters.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund typeorm@1.1.1 typeorm-aurora-data-api-driver@3.0.2 @aws-sdk/client-rds-data@3.1143.0 >/dev/null 2>&1
cat > arrays.mjs <<'JS'
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { DataSource, EntitySchema } from "typeorm";

const stored = {
  columnMetadata: [{ label: "Order_id", typeName: "int4" }, { label: "Order_tags", typeName: "_text" }],
  records: [[{ longValue: 1 }, { arrayValue: { stringValues: ["new", "paid"] } }]],
};
const server = createServer((request, response) => {
  request.resume().on("end", () => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(stored));
  });
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const columns = { id: { type: "int", primary: true }, tags: { type: "text", array: true } };
const source = new DataSource({
  type: "aurora-postgres", region: "eu-west-1", database: "shop", entities: [new EntitySchema({ name: "Order", tableName: "orders", columns })],
  resourceArn: "arn:aws:rds:eu-west-1:123456789012:cluster:shop", secretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop",
  serviceConfigOptions: {
    endpoint: `http://127.0.0.1:${server.address().port}`, credentials: { accessKeyId: "none", secretAccessKey: "none" },
  },
});
await source.initialize();
const orders = source.getRepository("Order");
const [read] = await orders.find();
const refused = await orders.insert({ id: 2, tags: ["new"] }).then(() => "nothing", (error) => error.message);
server.close();
console.log("typeorm-aurora-data-api-driver", JSON.parse(readFileSync("node_modules/typeorm-aurora-data-api-driver/package.json")).version);
console.log("read:", JSON.stringify(read.tags), "an array:", Array.isArray(read.tags));
console.log("insert refused with:", refused);
const same = read.tags.stringValues?.length === 2 && refused === "'param_2' is an invalid type";
process.exit(same ? 0 : (console.log("the behaviour has changed"), 1));
JS
node arrays.mjs
