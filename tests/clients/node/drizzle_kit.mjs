import { ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { address, run } from "./cases.mjs";

const execute = promisify(execFile);
const here = process.argv[1].replace(/[^/]+$/, "");
const { SecretString } = await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: address.secretArn }));
const { username, password } = JSON.parse(SecretString);
// A database of its own: push drops every enum that its schema does not have, whatever tablesFilter says.
const DATABASE = "kit";
const place = `${process.env.DATABASE_HOST}:${process.env.DATABASE_PORT}/`;
const url = `postgresql://${username}:${encodeURIComponent(password)}@${place}${DATABASE}?sslmode=verify-full&sslrootcert=${process.env.LOCAL_CA}`;
const overTls = { url };
const schema = `import * as pg from "drizzle-orm/pg-core";
export const rows = pg.pgTable("kit_rows", { id: pg.serial("id").primaryKey(), name: pg.text("name").notNull(), data: pg.jsonb("data") });
`;

function project(credentials, driver) {
  const folder = mkdtempSync(join(here, "kit-"));
  writeFileSync(join(folder, "schema.ts"), schema);
  const config = { dialect: "postgresql", driver, schema: join(folder, "schema.ts"), out: join(folder, "out").replace(process.cwd() + "/", "./"), dbCredentials: credentials, tablesFilter: ["kit_*"] };
  writeFileSync(join(folder, "drizzle.config.json"), JSON.stringify(config));
  return folder;
}
async function kit(folder, ...words) {
  const { stdout, stderr } = await execute(join(here, "node_modules/.bin/drizzle-kit"), [...words, `--config=${join(folder, "drizzle.config.json")}`], { cwd: folder, timeout: 60_000 });
  return stdout + stderr;
}
async function query(text, connectionString = url) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try { return (await client.query(text)).rows; } finally { await client.end(); }
}

const SDK = "drizzle-kit: the AWS client in its bundle does not fit the commands of @aws-sdk/client-rds-data";

await run([
  ["connection", "the URL of the database in node-postgres", async () => {
    const usual = url.replace(`/${DATABASE}?`, `/${address.database}?`);
    await query(`drop database if exists ${DATABASE}`, usual);
    await query(`create database ${DATABASE}`, usual);
    ok((await query("select 1 as one"))[0].one === 1);
  }],
  ["schema", "generate and migrate over TLS", async () => {
    await query("drop table if exists kit_rows; drop schema if exists drizzle cascade");
    const folder = project(overTls);
    await kit(folder, "generate");
    await kit(folder, "migrate");
    ok((await query("select to_regclass('kit_rows') as t"))[0].t === "kit_rows");
  }],
  ["schema", "push over TLS", async () => {
    await query("drop table if exists kit_rows");
    const said = await kit(project(overTls), "push", "--force");
    ok(said.includes("Changes applied"), said);
  }],
  ["schema", "pull over TLS", async () => {
    const folder = project(overTls);
    await kit(folder, "pull");
    const made = readdirSync(join(folder, "out")).find((name) => name === "schema.ts");
    ok(readFileSync(join(folder, "out", made), "utf8").includes("kit_rows"));
  }],
  ["schema", "generate and migrate over the Data API", async () => {
    await query("drop table if exists kit_rows; drop schema if exists drizzle cascade");
    const folder = project({ ...address, database: DATABASE }, "aws-data-api");
    await kit(folder, "generate");
    await kit(folder, "migrate");
    ok((await query("select to_regclass('kit_rows') as t"))[0].t === "kit_rows");
  }, SDK],
  ["schema", "pull over the Data API", async () => { await kit(project({ ...address, database: DATABASE }, "aws-data-api"), "pull"); }, SDK],
]);
