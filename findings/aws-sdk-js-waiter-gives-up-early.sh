#!/usr/bin/env bash
# One would expect: waitUntilDBClusterAvailable({ client, maxWaitTime: 1500 }) of the AWS SDK for JavaScript asks each 30 s, the delay of the waiter's
#   model, as botocore and the AWS CLI do, until the 1500 s are over; or at least once more at their end.
# What happens: delays grow at random up to 1800 s, the model's 60 attempts times 30 s, and from the seventh look on each delay is the whole 1800 s.
#   Where that does not fit into the limit any more, the waiter ends at once with a TimeoutError, without a last look: after 1035 s with middling
#   random numbers, after 180 s with the smallest. With room for it, nothing is asked for 30 minutes: a cluster that is ready after 1100 s is seen
#   after 2835 s. The waiters for instances and snapshots have the same numbers, those of CloudFormation have 120 s.
# Why it matters: "available within 25 minutes" fails for clusters that are available after 20, now and then, as the delays are random; and the error
#   names a limit that was not used up. `maxDelay: 30` beside maxWaitTime asks as the model says.
# Version and source: @aws-sdk/client-rds 3.1143.0, @smithy/core 3.41.1 (npm), waitForDBClusterAvailable.js and runPolling of util-waiter. The clock
#   and the random numbers are simulated, the waiter is not.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
npm install --silent --no-audit --no-fund @aws-sdk/client-rds@3.1143.0 @smithy/core@3.41.1 >/dev/null 2>&1
cat > wait.mjs <<'JS'
import { readFileSync } from "node:fs";
import { mock } from "node:test";
import { waitUntilDBClusterAvailable } from "@aws-sdk/client-rds";

let now = 0;
mock.method(Date, "now", () => now);
mock.method(globalThis, "setTimeout", (done, milliseconds) => { now += milliseconds; setImmediate(done); });

/** How the waiter ends and after how many seconds, for a cluster that is available `ready` seconds after the call. */
async function waited(random, ready, maxWaitTime, more = {}) {
  now = 0;
  const looks = [];
  mock.method(Math, "random", () => random);
  const client = { config: {}, send: async () => {
    looks.push(Math.round(now / 1000));
    return { DBClusters: [{ Status: now >= ready * 1000 ? "available" : "creating" }] };
  } };
  const end = await waitUntilDBClusterAvailable({ client, maxWaitTime, ...more }, {}).then((row) => row.state, (error) => error.name);
  const seconds = Math.round(now / 1000);
  const asked = looks.length > 10 ? `${looks.slice(0, 4)},...,${looks.at(-1)}` : looks;
  console.log(`${JSON.stringify({ maxWaitTime, ...more })}, random ${random}, ready after ${ready} s: asked at ${asked} s, ${end} at ${seconds} s`);
  return `${end} ${seconds}`;
}

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version;
console.log("@aws-sdk/client-rds", version("@aws-sdk/client-rds"), "@smithy/core", version("@smithy/core"));
const found = [
  await waited(0.5, 1200, 1500), await waited(0, 1200, 1500), await waited(0.5, 1100, 3600), await waited(0.5, 1200, 1500, { maxDelay: 30 }),
];
const same = `${found}` === "TimeoutError 1035,TimeoutError 180,SUCCESS 2835,SUCCESS 1200";
process.exit(same ? 0 : (console.log("the behaviour has changed"), 1));
JS
node --no-warnings wait.mjs
