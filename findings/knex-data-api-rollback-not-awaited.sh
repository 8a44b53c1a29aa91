#!/usr/bin/env bash
# One would expect: knex.transaction() over the Data API rejects when the rollback is done, as it does over a connection: afterwards the locks are free
#   and the handler may return; and a rollback that fails is part of that rejection.
# What happens: the rollback is sent and not waited for. The transaction rejects at once; the answer comes later, or never in a function that is frozen
#   as soon as it has returned, and then the locks stay until the API ends the transaction, minutes later. A rollback that is refused (the API has
#   ended the transaction already) is an unhandled rejection, which ends the Node.js process, past the `catch` around the transaction.
# Why it matters: "roll back and try again" waits for its own locks; and one refused statement ends a server with a message that names no statement.
# Version and source: knex-aurora-data-api-client 1.10.0, knex 2.5.1, aws-sdk 2.1693.0 (npm); rollback in its src/data-api-transaction.js.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
npm install --silent --no-audit --no-fund knex-aurora-data-api-client@1.10.0 knex@2.5.1 aws-sdk@2.1693.0 >/dev/null 2>&1
cat > rollback.js <<'JS'
const { createServer } = require("node:http");
const [refuses] = process.argv.slice(2);
const seen = [];
const api = createServer((request, response) => {
  const answer = (status, body) => {
    seen.push(`${request.url} answered ${status}`);
    response.writeHead(status, { "Content-Type": "application/json", "x-amzn-errortype": "BadRequestException" });
    response.end(JSON.stringify(body));
  };
  request.resume().on("end", () => {
    if (request.url !== "/RollbackTransaction") answer(200, { transactionId: "t", numberOfRecordsUpdated: 1 });
    else if (refuses) answer(400, { message: "Transaction t is not found" });
    else setTimeout(answer, 500, 200, { transactionStatus: "Rollback Complete" });
  });
});
api.listen(0, "127.0.0.1", async () => {
  const options = { endpoint: `http://127.0.0.1:${api.address().port}`, region: "eu-west-1", sslEnabled: false };
  const connection = { secretArn: "secret", resourceArn: "cluster", database: "orders", region: "eu-west-1", options };
  const knex = require("knex")({ client: require("knex-aurora-data-api-client").postgres, connection });
  try {
    await knex.transaction(async (transaction) => {
      await transaction("orders").insert({ id: 1 });
      throw new Error("no stock");
    });
  } catch (error) {
    seen.push(`transaction rejected: ${error.message}`);
  }
  setTimeout(() => { console.log(seen.join("; ")); api.close(); }, 1000);
});
JS
node -p '`knex-aurora-data-api-client ${require("knex-aurora-data-api-client/package.json").version}`'
export AWS_ACCESS_KEY_ID=none AWS_SECRET_ACCESS_KEY=none AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE=1 NODE_NO_WARNINGS=1
node rollback.js 2>errors | tee out
code=0; node rollback.js refuses > refused 2> errors || code=$?
echo "a refused rollback: exit code $code; $(grep -m1 -oE '[A-Za-z]+Exception: .*' errors)"
grep -q 'rejected: no stock; /RollbackTransaction answered 200' out && [ "$code" = 1 ] && grep -q 'Transaction t is not found' errors &&
  [ ! -s refused ] || { echo "the behaviour has changed"; exit 1; }
