#!/usr/bin/env bash
# One would expect: `:date::date` is the parameter "date" with a cast of PostgreSQL, as `:day::date` is the parameter "day" with the same cast.
# What happens: data-api-client uses `::name` for identifiers. Where a parameter has the name of the type, the cast is taken for one: the
#   value goes into the SQL itself as a quoted identifier (with MySQL's backticks), the parameter is not sent, and the same happens to a
#   parameter in another place of the statement that has nothing to do with the cast. With another name all is well.
# Why it matters: `:uuid::uuid`, `:date::date`, `:json::json` are what people write; the error of the server names a syntax that is not theirs,
#   and the value stands in the statement, so it is in the logs.
# Version and source: data-api-client 1.3.1, aws-sdk (npm); its getSqlParams and processParams.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund data-api-client@1.3.1 aws-sdk@2.1693.0
cat > sent.cjs <<'JS'
process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = "1";
const open = require("data-api-client");

const sent = [];
class RDSDataService {
  executeStatement(request) {
    sent.push(request);
    return { promise: async () => ({ records: [], columnMetadata: [] }) };
  }
}
const data = open({ secretArn: "secret", resourceArn: "cluster", database: "orders", engine: "pg", AWS: { RDSDataService } });
(async () => {
  await data.query("select :day::date", { day: "2026-11-29" });
  await data.query("select :date::date", { date: "2026-11-29" });
  console.log("data-api-client", require("data-api-client/package.json").version);
  for (const { sql, parameters } of sent) console.log(sql, "with", JSON.stringify(parameters ?? []));
  const same = sent[0].parameters?.length === 1 && !sent[1].parameters?.length && sent[1].sql === "select :date`2026-11-29`";
  process.exit(same ? 0 : (console.log("the behaviour has changed"), 1));
})();
JS
node sent.cjs
