#!/usr/bin/env bash
# One would expect: Prisma 6 with `engine: "js"` and an adapter in prisma.config runs `prisma migrate deploy` without the engine in Rust that its
#   command line downloads, for machines that reach nothing but npm: the preview feature is made for that.
# What happens: with @prisma/adapter-pg the first query fails on every PostgreSQL: "Column type 'name' could not be deserialized from the database."
#   The adapter knows no column of the type name, which the engine's look for _prisma_migrations selects. `migrate status` and `generate` work.
# Why it matters: it looks like a wrong database, and migrations work again only with the engine that is downloaded.
# Version and source: prisma and @prisma/adapter-pg 6.19.3 (npm), fieldToColumnType in dist/index.js. The recipe puts an answer in the place of the server.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . @prisma/adapter-pg@6.19.3 pg@8.23.1 >/dev/null
cat > name.mjs <<'JS'
import pg from "pg";
import { PrismaPg } from "@prisma/adapter-pg";
const types = { text: 25, name: 19 };
const asked = async (kind) => {
  const pool = new pg.Pool();
  pool.query = async () => ({ fields: [{ name: "n", dataTypeID: types[kind] }], rows: [["x"]] });
  try {
    return (await (await new PrismaPg(pool).connect()).queryRaw({ sql: "select 1", args: [], argTypes: [] })).rows[0][0];
  } catch (error) {
    return error.cause?.kind ?? error.message;
  }
};
const found = { text: await asked("text"), name: await asked("name") };
console.log(found);
if (found.text !== "x" || found.name !== "UnsupportedNativeDataType") throw new Error("the behaviour has changed");
JS
node name.mjs
