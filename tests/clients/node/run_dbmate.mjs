import { equal, ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { refused, run } from "./cases.mjs";

const execute = promisify(execFile);
const here = process.argv[1].replace(/[^/]+$/, "");
const dbmate = join(here, "node_modules/@dbmate/linux-x64/bin/dbmate");

function migrations(table) {
  const folder = mkdtempSync(join(tmpdir(), "run-dbmate-"));
  mkdirSync(join(folder, "db"));
  for (const [number, text] of [[1, `create table ${table} (id int)`], [2, `alter table ${table} add name varchar(20)`]]) {
    const down = number === 1 ? `drop table ${table}` : `alter table ${table} drop column name`;
    writeFileSync(join(folder, `db/2026010100000${number}_step.sql`), `-- migrate:up\n${text};\n\n-- migrate:down\n${down};\n`);
  }
  return join(folder, "db");
}
const through = async (stack, ...words) => {
  const command = ["-m", "aurora_cfn", "run", "--env", "local", "--stack", stack, "--", ...words];
  const done = await execute(process.env.AURORA_CFN_PYTHON, command, { cwd: process.env.PROJECT, timeout: 120_000 });
  return done.stdout + done.stderr;
};
const cases = (stack) => {
  const folder = migrations("mated");
  const mate = (...words) => through(stack, dbmate, "--no-dump-schema", "--migrations-dir", folder, "--migrations-table", "mated_versions", ...words);
  return [
    ["schema", `${stack}: --wait up`, async () => equal((await mate("--wait", "up")).match(/Applied: /g).length, 2)],
    ["schema", `${stack}: status`, async () => ok((await mate("status")).includes("Pending: 0"))],
    ["schema", `${stack}: down, and status`, async () => {
      ok((await mate("down")).includes("Rolled back: 20260101000002_step.sql"));
      ok((await mate("status")).includes("Pending: 1"));
      ok((await mate("down")).includes("Rolled back: 20260101000001_step.sql"));
    }],
  ];
};

await run([
  ...cases("postgres"),
  ["errors", "a migration that fails has dbmate's exit code", async () => {
    const folder = migrations("wrong");
    writeFileSync(join(folder, "20260101000003_step.sql"), "-- migrate:up\nselect nothing;\n\n-- migrate:down\n");
    await refused(() => through("postgres", dbmate, "--no-dump-schema", "--migrations-dir", folder, "--migrations-table", "wrong_versions", "up"), "does not exist");
  }],
  ...(process.env.AURORA_MYSQL_CLUSTER_ARN ? cases("mysql") : []),
]);
