import { equal, ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { refused, run } from "./cases.mjs";

const execute = promisify(execFile);
const here = process.argv[1].replace(/[^/]+$/, "");
const program = join(here, "node_modules/.bin/node-pg-migrate");
function migrations(...more) {
  const folder = mkdtempSync(join(tmpdir(), "run-node-pg-"));
  const steps = [
    'export const up = (pgm) => { pgm.createTable("npm_one", { id: "id", name: { type: "varchar(20)", notNull: true } }); pgm.createIndex("npm_one", "name"); };',
    'export const up = (pgm) => pgm.addColumns("npm_one", { made: { type: "timestamptz", default: pgm.func("now()") } });\nexport const down = (pgm) => pgm.dropColumns("npm_one", ["made"]);',
    ...more,
  ];
  steps.forEach((text, n) => writeFileSync(join(folder, `176000000000${n}_step${n}.mjs`), text));
  return folder;
}
const through = async (...words) => {
  const command = ["-m", "aurora_cfn", "run", "--env", "local", "--stack", "postgres", "--", ...words];
  const done = await execute(process.env.AURORA_CFN_PYTHON, command, { cwd: process.env.PROJECT, timeout: 120_000 });
  return done.stdout + done.stderr;
};
const folder = migrations();
const migrate = (where, ...words) => through(program, ...words, "--migrations-dir", where, "--migrations-table", "npm_versions");

await run([
  ["schema", "up", async () => ok((await migrate(folder, "up")).includes("Migrations complete!"))],
  ["schema", "up again: nothing to do", async () => ok((await migrate(folder, "up")).includes("No migrations to run"))],
  ["schema", "down by one and redo", async () => {
    ok((await migrate(folder, "down")).includes("DROP"));
    ok((await migrate(folder, "redo")).includes("Migrations complete!"));
  }],
  ["schema", "two at once: one waits for the lock or is refused", async () => {
    const ended = await Promise.allSettled([migrate(folder, "redo"), migrate(folder, "redo")]);
    ok(ended.some((row) => row.status === "fulfilled"));
  }],
  ["errors", "a migration that fails is rolled back, and its exit code stays", async () => {
    const wrong = migrations('export const up = (pgm) => pgm.sql("create table npm_bad (id int); select nothing");');
    await refused(() => migrate(wrong, "up"), "Command failed");
    ok(!(await through("psql", "-Atc", "select relname from pg_class where relname = 'npm_bad'")).includes("npm_bad"));
  }],
  ["schema", "down to the start", async () => ok((await migrate(folder, "down", "99")).includes("Migrations complete!"))],
]);
