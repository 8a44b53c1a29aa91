#!/usr/bin/env bash
# One would expect: `drizzle-kit migrate` with the documented driver aws-data-api and the current AWS SDK applies the
#   migration, or says why it cannot.
# What happens: it ends with exit code 1, prints no reason at all, and has not sent a single request: drizzle-kit carries
#   an older AWS client in its bundle, to which drizzle-orm hands commands of the installed @aws-sdk/client-rds-data; the
#   client refuses them ("serializerMiddleware is not found ..."), and the progress spinner swallows the error.
# Why it matters: in a pipeline it looks like a refused database or wrong credentials; the same migration by drizzle-orm's
#   own migrator works. The last lines show that the very same server and folder are served to drizzle-orm.
# Version and source: drizzle-kit 0.31.11, drizzle-orm 0.45.4, @aws-sdk/client-rds-data 3.1143.0 (npm).
set -euo pipefail
folder=$(mktemp -d); server=""
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true, "type": "module"}' > package.json
npm install --silent --no-audit --no-fund drizzle-kit@0.31.11 drizzle-orm@0.45.4 @aws-sdk/client-rds-data@3.1143.0 >/dev/null 2>&1
cat > server.mjs <<'JS'
import { appendFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
// Enough of the RDS Data API for an empty database: every statement succeeds and has no rows.
const server = createServer((request, response) => {
  appendFileSync("requests", `${request.method} ${request.url}\n`);
  request.resume().on("end", () => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(request.url === "/BeginTransaction" ? { transactionId: "one" } : { records: [], columnMetadata: [], numberOfRecordsUpdated: 0 }));
  });
});
server.listen(0, "127.0.0.1", () => writeFileSync("port", String(server.address().port)));
JS
touch requests
node server.mjs & server=$!
for _ in $(seq 50); do [ -s port ] && break; sleep 0.1; done
export AWS_ENDPOINT_URL="http://127.0.0.1:$(cat port)" AWS_REGION=eu-west-1 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
mkdir -p out/meta
echo 'create table a (id int);' > out/0000_one.sql
echo '{"version":"7","dialect":"postgresql","entries":[{"idx":0,"version":"7","when":1,"tag":"0000_one","breakpoints":true}]}' > out/meta/_journal.json
where='"resourceArn":"arn:aws:rds:eu-west-1:000000000000:cluster:c","secretArn":"arn:aws:secretsmanager:eu-west-1:000000000000:secret:s","database":"d"'
echo "{\"dialect\":\"postgresql\",\"driver\":\"aws-data-api\",\"out\":\"./out\",\"dbCredentials\":{$where}}" > drizzle.config.json
for name in drizzle-kit drizzle-orm @aws-sdk/client-rds-data; do
  node -p "'$name ' + JSON.parse(require('fs').readFileSync('node_modules/$name/package.json')).version" --input-type=commonjs
done
code=0; said=$(node_modules/.bin/drizzle-kit migrate --config=drizzle.config.json 2>&1) || code=$?
kit=$(wc -l < requests)
echo "drizzle-kit migrate: exit code $code, requests sent: $kit, output:"; printf '%s\n' "$said" | tr '\r' '\n' | tail -3
cat > migrate.mjs <<JS
import { RDSDataClient } from "@aws-sdk/client-rds-data";
import { drizzle } from "drizzle-orm/aws-data-api/pg";
import { migrate } from "drizzle-orm/aws-data-api/pg/migrator";
await migrate(drizzle(new RDSDataClient({}), {$where}), { migrationsFolder: "./out" });
JS
node migrate.mjs 2>/dev/null
orm=$(( $(wc -l < requests) - kit ))
echo "drizzle-orm's migrator, same folder and server: exit code 0, requests sent: $orm"
if printf '%s' "$said" | grep -qi "serializer\|error:"; then echo "the behaviour has changed: it says why"; exit 1; fi
[ "$code" = 1 ] && [ "$kit" = 0 ] && [ "$orm" -gt 3 ] || { echo "the behaviour has changed"; exit 1; }
