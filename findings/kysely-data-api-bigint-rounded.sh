#!/usr/bin/env bash
# One would expect: a BigInt is sent exactly, as a longValue or as text; it exists for numbers that a double cannot hold.
# What happens: kysely-data-api sends it as a doubleValue, rounded to 53 bits: 9007199254740993n becomes 9007199254740992. Ordinary whole
#   numbers do go as longValue, so the type meant for large ids is the only one that loses digits.
# Why it matters: `where id = 9007199254740993n` finds the neighbour's row, or updates it. The text of the number is the safe parameter.
# Version and source: kysely-data-api 2.0.0, kysely 0.27.6 (npm); serialize in its query compiler.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund kysely-data-api@2.0.0 kysely@0.27.6 @aws-sdk/client-rds-data@3.1143.0
cat > sent.mjs <<'JS'
import { readFileSync } from "node:fs";
import { Kysely } from "kysely";
import { DataApiDialect } from "kysely-data-api";

const sent = [];
const client = {
  async executeStatement({ parameters }) {
    sent.push(parameters[0].value);
    return {};
  },
};
const driver = { client, secretArn: "secret", resourceArn: "cluster", database: "orders" };
const db = new Kysely({ dialect: new DataApiDialect({ mode: "postgres", driver }) });
await db.deleteFrom("orders").where("id", "=", 9007199254740993n).execute();
await db.deleteFrom("orders").where("id", "=", 7).execute();
console.log("kysely-data-api", JSON.parse(readFileSync("node_modules/kysely-data-api/package.json")).version);
console.log("9007199254740993n is sent as", sent[0], "and 7 as", sent[1]);
const same = sent[0].doubleValue === 9007199254740992 && sent[1].longValue === 7;
process.exit(same ? 0 : (console.log("the behaviour has changed"), 1));
JS
node sent.mjs
