#!/usr/bin/env bash
# One would expect: query("... values (:name, :value)", { name: "theme", value: "dark" }) of data-api-client sends two parameters, "name" and "value",
#   as it does for an object with any other keys.
# What happens: an object whose only keys are `name` and `value` is taken for the client's other notation, { name, value } for one parameter: here one
#   called "theme", which the statement does not have, so it is dropped and nothing is sent. A batch sends a list of empty sets. With `cast` as the
#   third column it is the same; with any other third column both parameters are sent.
# Why it matters: name and value are the columns of every table of settings, tags or labels. The Data API then refuses the statement for want of
#   parameters that the call shows. The longer notation, a list of { name, value }, is the way out.
# Version and source: data-api-client 1.3.1, aws-sdk 2.1693.0 (npm); normalizeParams and processParams in its index.js.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
npm install --silent --no-audit --no-fund data-api-client@1.3.1 aws-sdk@2.1693.0 >/dev/null 2>&1
cat > settings.cjs <<'JS'
process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = "1";
const connect = require("data-api-client");
const requests = [];
const answered = (request) => { requests.push(request); return { promise: async () => ({ numberOfRecordsUpdated: 1, updateResults: [] }) }; };
class RDSDataService {
  executeStatement(request) { return answered(request); }
  batchExecuteStatement(request) { return answered(request); }
}
const database = connect({ secretArn: "secret", resourceArn: "cluster", database: "shop", engine: "pg", AWS: { RDSDataService } });
const pair = { name: "theme", value: "dark" };
const list = [{ name: "name", value: "theme" }, { name: "value", value: "dark" }];
const calls = {
  "key and value": ["insert into settings values (:key, :value)", { key: "theme", value: "dark" }],
  "name and value": ["insert into settings values (:name, :value)", pair],
  "name, value and owner": ["insert into settings values (:name, :value, :owner)", { ...pair, owner: "app" }],
  "a batch of name and value": ["insert into settings values (:name, :value)", [[pair], [pair]]],
  "the longer notation": ["insert into settings values (:name, :value)", list],
};
(async () => {
  console.log("data-api-client", require("data-api-client/package.json").version);
  const found = {};
  for (const [name, call] of Object.entries(calls)) {
    await database.query(...call);
    const { parameters, parameterSets } = requests.pop();
    found[name] = parameterSets ? parameterSets.map((set) => set.length) : (parameters ?? []).length;
    console.log(`${name}: ${JSON.stringify(parameterSets ?? parameters ?? "no parameters")}`);
  }
  const same = JSON.stringify(Object.values(found)) === "[2,0,3,[0,0],2]";
  process.exit(same ? 0 : (console.log("the behaviour has changed"), 1));
})();
JS
node settings.cjs
