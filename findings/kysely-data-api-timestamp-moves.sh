#!/usr/bin/env bash
# One would expect: a Date that is written to a `timestamp` column and read again is the same Date on every machine.
# What happens: kysely-data-api writes it in UTC and reads it in the time zone of the process: in Tokyo it comes back nine hours early, in
#   UTC unchanged. A `timestamptz` column is read as UTC, so only the plain type is affected.
# Why it matters: Lambda runs in UTC, so tests on a laptop differ from production; a script run from a laptop writes moved times back.
# Version and source: kysely-data-api 2.0.0, kysely 0.27.6 (npm); its dialect's executeQuery and query compiler.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund kysely-data-api@2.0.0 kysely@0.27.6 @aws-sdk/client-rds-data@3.1143.0
cat > moved.mjs <<'JS'
import { readFileSync } from "node:fs";
import { Kysely } from "kysely";
import { DataApiDialect } from "kysely-data-api";

// The database gives the column back as it got it, which is what PostgreSQL does with a timestamp without time zone.
const client = {
  async executeStatement({ parameters }) {
    const [{ value }] = parameters;
    const text = value.stringValue.replace(/\.000$/, "");
    return { columnMetadata: [{ name: "at", typeName: process.argv[2] }], records: [[{ stringValue: text }]] };
  },
};
const driver = { client, secretArn: "secret", resourceArn: "cluster", database: "orders" };
const db = new Kysely({ dialect: new DataApiDialect({ mode: "postgres", driver }) });
const written = new Date("2026-11-29T12:00:00Z");
const [row] = await db.selectNoFrom((build) => build.val(written).as("at")).execute();
const version = JSON.parse(readFileSync("node_modules/kysely-data-api/package.json")).version;
console.log(version, process.env.TZ, process.argv[2], written.toISOString(), "->", row.at.toISOString());
JS
{
  TZ=UTC node moved.mjs timestamp
  TZ=Asia/Tokyo node moved.mjs timestamp
  TZ=Asia/Tokyo node moved.mjs timestamptz
} | tee out
grep -q 'UTC timestamp .* -> 2026-11-29T12:00' out && grep -q 'Tokyo timestamp .* -> 2026-11-29T03:00' out &&
  grep -q 'timestamptz .* -> 2026-11-29T12:00' out || { echo "the behaviour has changed"; exit 1; }
