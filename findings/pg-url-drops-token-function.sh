#!/usr/bin/env bash
# One would expect: pg (node-postgres) with a connection string that has no password, and a `password` function beside it (how IAM tokens are made
#   for each new connection), calls the function; the string has nothing that could take its place.
# What happens: the function is never called, and a password given as text is not used either. Parsing the string gives a password of null, and that
#   replaces the option. PGPASSWORD or ~/.pgpass is sent in its place, else an empty password. With host, user and database as fields it works.
# Why it matters: DATABASE_URL plus a token function is what one writes when a service moves from a password to IAM. Where the old PGPASSWORD is still
#   set the switch seems to have worked, until that password is rotated; where it is not, RDS says that authentication failed for the user.
# Version and source: pg 8.23.1, pg-connection-string 2.14.1 (npm); the constructor of ConnectionParameters in pg/lib/connection-parameters.js.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
npm install --silent --no-audit --no-fund pg@8.23.1 pg-connection-string@2.14.1 >/dev/null 2>&1
cat > connect.js <<'JS'
const { createServer } = require("node:net");
const { Client } = require("pg");
const CLEARTEXT_PASSWORD = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]);  // what RDS asks for where IAM tokens are used
let sent;
const server = createServer((socket) => {
  socket.on("error", () => {});
  socket.once("data", () => {
    socket.write(CLEARTEXT_PASSWORD);
    socket.once("data", (message) => { sent = message.subarray(5, -1).toString(); socket.end(); });
  });
});
async function tried(name, options, pgpassword) {
  let calls = 0;
  sent = undefined;
  if (pgpassword) process.env.PGPASSWORD = pgpassword; else delete process.env.PGPASSWORD;
  const client = new Client({ ...options, password: async () => { calls += 1; return "token"; } });
  await client.connect().catch(() => {});
  console.log(`${name}: the function was called ${calls} times, the server got ${JSON.stringify(sent)}`);
  return [calls, sent];
}
(async () => {
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const port = server.address().port;
  process.env.PGPASSFILE = "/nonexistent";
  console.log("pg", require("pg/package.json").version);
  const url = { connectionString: `postgres://app@127.0.0.1:${port}/shop` };
  const found = [
    await tried("fields", { host: "127.0.0.1", port, user: "app", database: "shop" }),
    await tried("connection string", url),
    await tried("connection string and PGPASSWORD", url, "old"),
  ];
  server.close();
  const same = JSON.stringify(found) === JSON.stringify([[1, "token"], [0, ""], [0, "old"]]);
  process.exit(same ? 0 : (console.log("the behaviour has changed"), 1));
})();
JS
node connect.js
