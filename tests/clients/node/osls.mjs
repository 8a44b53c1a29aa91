// osls, which goes on with version 3 of the Serverless Framework.
import { equal, ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { refused, run } from "./cases.mjs";

const here = process.argv[1].replace(/[^/]+$/, "");
const folder = mkdtempSync(join(tmpdir(), "osls-"));
const service = (more = "") => `
service: shop
provider: {name: aws, runtime: python3.11, region: ${process.env.AWS_REGION}, stage: dev, timeout: 10}
functions:
  hello:
    handler: handler.hello
    events:
      - httpApi: {path: "/hello/{name}", method: get}
      - schedule: rate(1 day)
${more}resources:
  Resources:
    Kept: {Type: "AWS::S3::Bucket"}
  Outputs:
    BucketName: {Value: {Ref: Kept}}
`;
const handler = (word) => `
import json
def hello(event, context):
    print("said ${word}")
    return {"statusCode": 200, "body": json.dumps({"${word}": (event.get("pathParameters") or {}).get("name")})}
`;
const write = (text, word) => {
  writeFileSync(join(folder, "serverless.yml"), text);
  writeFileSync(join(folder, "handler.py"), handler(word));
};
const environment = { ...process.env, SLS_NOTIFICATIONS_MODE: "off", SLS_TELEMETRY_DISABLED: "1", SLS_INTERACTIVE_SETUP_ENABLE: "0" };
const osls = async (...words) => {
  const options = { cwd: folder, env: environment, timeout: 180_000 };
  try {
    const done = await promisify(execFile)(join(here, "node_modules/.bin/osls"), words, options);
    return done.stdout + done.stderr;
  } catch (error) {
    throw new Error(`${error.stdout} ${error.stderr}`.slice(-900));
  }
};
const called = async () => {
  const { Stacks } = await new CloudFormationClient({}).send(new DescribeStacksCommand({ StackName: "shop-dev" }));
  const url = Stacks[0].Outputs.find((row) => row.OutputKey === "HttpApiUrl").OutputValue;
  return (await fetch(`${url}/hello/Mars`)).json();
};

await run([
  ["stacks", "deploy: its bucket, a change set, the API answers", async () => {
    write(service(), "hello");
    ok((await osls("deploy", "--verbose")).includes("Service deployed to stack shop-dev"));
    equal((await called()).hello, "Mars");
  }],
  ["stacks", "deploy again: no changes to deploy", async () => ok(/No changes to deploy/.test(await osls("deploy")))],
  ["stacks", "deploy a change and a function more", async () => {
    write(service("  more: {handler: handler.hello}\n"), "goodbye");
    await osls("deploy");
    equal((await called()).goodbye, "Mars");
  }],
  ["stacks", "info and its outputs", async () => {
    const found = await osls("info", "--verbose");
    ok(found.includes("shop-dev-more") && found.includes("BucketName:"));
  }],
  ["functions", "invoke, with the log", async () => {
    const found = await osls("invoke", "--function", "hello", "--log", "--data", '{"pathParameters": {"name": "Io"}}');
    ok(found.includes("Io") && found.includes("said goodbye"));
  }],
  ["functions", "logs", async () => ok((await osls("logs", "--function", "hello", "--startTime", "10m")).includes("said goodbye"))],
  ["functions", "deploy function: the code alone", async () => {
    write(service("  more: {handler: handler.hello}\n"), "again");
    await osls("deploy", "function", "--function", "hello");
    equal((await called()).again, "Mars");
  }],
  ["stacks", "deploy list, and rollback to the first deployment", async () => {
    const [, stamp] = /Timestamp: (\d+)/.exec(await osls("deploy", "list"));
    await osls("rollback", "--timestamp", stamp);
    equal((await called()).hello, "Mars");
  }],
  ["errors", "a resource that fails: the reason is shown", async () => {
    const bad = service().replace("Resources:\n", 'Resources:\n    Bad: {Type: "AWS::SSM::Parameter", Properties: {Type: String, Value: {"Fn::ImportValue": osls-nothing}}}\n');
    write(bad, "hello");
    await refused(() => osls("deploy"), "No export named osls-nothing found");
  }],
  ["stacks", "remove", async () => {
    write(service(), "hello");
    ok((await osls("remove")).includes("has been successfully removed"));
    await refused(() => called(), "does not exist");
  }],
]);
