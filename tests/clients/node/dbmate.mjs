import { equal, ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { address, run } from "./cases.mjs";

const execute = promisify(execFile);
const here = process.argv[1].replace(/[^/]+$/, "");
const { SecretString } = await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: address.secretArn }));
const { username, password } = JSON.parse(SecretString);
const place = `${process.env.DATABASE_HOST}:${process.env.DATABASE_PORT}/${address.database}`;
const url = (mode) => `postgres://${username}:${encodeURIComponent(password)}@${place}?sslmode=${mode}&sslrootcert=${process.env.LOCAL_CA}`;
const folder = mkdtempSync(join(tmpdir(), "dbmate-"));
mkdirSync(join(folder, "db/migrations"), { recursive: true });
writeFileSync(join(folder, "db/migrations/20260101000000_one.sql"), "-- migrate:up\ncreate table mate_rows (id int);\n\n-- migrate:down\ndrop table mate_rows;\n");
const dbmate = async (...words) => {
  const done = await execute(join(here, "node_modules/@dbmate/linux-x64/bin/dbmate"), ["--no-dump-schema", "--url", url("verify-full"), ...words], { cwd: folder, timeout: 60_000 });
  return done.stdout + done.stderr;
};

await run([
  ["connection", "it waits for the database", () => dbmate("wait")],
  ["schema", "up", async () => ok((await dbmate("migrate")).includes("Applied: 20260101000000_one.sql"))],
  ["schema", "status", async () => ok((await dbmate("status")).includes("Pending: 0"))],
  ["schema", "rollback", async () => ok((await dbmate("rollback")).includes("Rolled back"))],
  ["errors", "a wrong password is refused", async () => {
    const wrong = url("require").replace(encodeURIComponent(password), "wrong");
    const error = await execute(join(here, "node_modules/@dbmate/linux-x64/bin/dbmate"), ["--url", wrong, "status"], { cwd: folder }).catch((each) => each);
    ok(`${error.stderr}${error.stdout}`.includes("password authentication failed"));
    equal(error.code > 0, true);
  }],
]);
