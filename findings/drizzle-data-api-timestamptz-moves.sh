#!/usr/bin/env bash
# One would expect: of Drizzle's two types, `timestamp` is the one that depends on the time zone of the process, and `timestamp({ withTimezone: true })`
#   the one that does not: it names an instant.
# What happens: over the Data API it is the other way round. The API gives a timestamptz in UTC, without a zone in its text. Drizzle takes a plain
#   timestamp for UTC, and reads the other as a time of the process: in Tokyo 12:00 UTC comes back as 03:00 UTC. It is written in UTC, so that each
#   read and write of a row moves it by nine hours. With PostgreSQL's own driver, whose text has the zone, the same table is right.
# Why it matters: the schema that was chosen so that zones do not matter is the wrong one on a laptop and right in Lambda, whose zone is UTC.
# Version and source: drizzle-orm 0.45.4 (npm), mapFromDriverValue of its PgTimestamp; the text of a timestamptz: Aurora guide, Data API.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
npm install --silent --no-audit --no-fund @aws-sdk/client-rds-data@3.1143.0 drizzle-orm@0.45.4 >/dev/null 2>&1
cat > moved.mjs <<'JS'
import { readFileSync } from "node:fs";
import { RDSDataClient } from "@aws-sdk/client-rds-data";
import { drizzle } from "drizzle-orm/aws-data-api/pg";
import { pgTable, timestamp } from "drizzle-orm/pg-core";

const orders = pgTable("orders", { plain: timestamp(), zoned: timestamp({ withTimezone: true }) });
const written = new Date("2026-11-29T12:00:00Z");
let sent;
// The API gives back what it got: a timestamp as it was written, a timestamptz in UTC, both without a zone.
const client = new RDSDataClient({ region: "eu-west-1" });
client.send = async ({ input }) => {
  if (!input.parameters.length) return { records: [sent] };
  sent = input.parameters.map(({ value }) => ({ stringValue: value.stringValue.replace(".000", "") }));
  return {};
};
const db = drizzle(client, { resourceArn: "cluster", secretArn: "secret", database: "orders" });
await db.insert(orders).values({ plain: written, zoned: written });
const [row] = await db.select().from(orders);
const version = JSON.parse(readFileSync("node_modules/drizzle-orm/package.json")).version;
console.log("drizzle-orm", version, process.env.TZ, JSON.stringify(sent[1]), "plain", row.plain.toISOString(), "zoned", row.zoned.toISOString());
JS
export NODE_NO_WARNINGS=1
{ TZ=UTC node moved.mjs; TZ=Asia/Tokyo node moved.mjs; } | tee out
grep -q 'UTC .* plain 2026-11-29T12:00.* zoned 2026-11-29T12:00' out &&
  grep -q 'Tokyo .* plain 2026-11-29T12:00.* zoned 2026-11-29T03:00' out || { echo "the behaviour has changed"; exit 1; }
