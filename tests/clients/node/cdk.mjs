import { ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { refused, run } from "./cases.mjs";

const execute = promisify(execFile);
const here = process.argv[1].replace(/[^/]+$/, "");
const account = process.env.ACCOUNT ?? "000000000000";
const folder = mkdtempSync(join(here, "cdk-"));
writeFileSync(join(folder, "app.mjs"), `
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import * as lambda from "aws-cdk-lib/aws-lambda";
import * as rds from "aws-cdk-lib/aws-rds";
const app = new App();
const env = { account: "${account}", region: "${process.env.AWS_REGION}" };
const small = new Stack(app, "CdkSmall", { env });
const code = lambda.Code.fromInline("def handler(event, context):\\n    return 'hello'\\n");
const hello = new lambda.Function(small, "Hello", { runtime: lambda.Runtime.PYTHON_3_11, handler: "index.handler", code, timeout: Duration.seconds(Number(process.env.SECONDS_OF_HELLO ?? 10)) });
new CfnOutput(small, "Name", { value: hello.functionName });
const large = new Stack(app, "CdkDatabase", { env });
const vpc = new ec2.Vpc(large, "Vpc", { maxAzs: 2, natGateways: 0 });
const cluster = new rds.DatabaseCluster(large, "Database", {
  engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.of("16.8", "16") }),
  writer: rds.ClusterInstance.serverlessV2("Writer"), serverlessV2MinCapacity: 0.5, serverlessV2MaxCapacity: 1,
  vpc, vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED }, enableDataApi: true, removalPolicy: RemovalPolicy.DESTROY, defaultDatabaseName: "cdk",
});
new CfnOutput(large, "Arn", { value: cluster.clusterArn });
`);
writeFileSync(join(folder, "cdk.json"), JSON.stringify({ app: "node app.mjs" }));
const cdk = async (words, more = {}) => {
  const environment = { ...process.env, CDK_DISABLE_CLI_TELEMETRY: "true", ...more };
  const done = await execute(join(here, "node_modules/.bin/cdk"), [...words, "--no-notices", "--ci"], { cwd: folder, env: environment, timeout: 200_000, maxBuffer: 1 << 24 });
  return done.stdout + done.stderr;
};

await run([
  ["stacks", "synth", async () => ok((await cdk(["synth", "CdkSmall"])).includes("AWS::Lambda::Function"))],
  ["stacks", "bootstrap", async () => ok((await cdk(["bootstrap", `aws://${account}/${process.env.AWS_REGION}`])).includes("bootstrapped"))],
  ["stacks", "deploy a function", () => cdk(["deploy", "CdkSmall", "--require-approval", "never"])],
  ["stacks", "diff shows a change", async () => ok((await cdk(["diff", "CdkSmall"], { SECONDS_OF_HELLO: "20" })).includes("Timeout"))],
  ["stacks", "deploy the change", () => cdk(["deploy", "CdkSmall", "--require-approval", "never"], { SECONDS_OF_HELLO: "20" })],
  ["stacks", "deploy Aurora Serverless v2", () => cdk(["deploy", "CdkDatabase", "--require-approval", "never"])],
  ["stacks", "drift", () => cdk(["drift", "CdkSmall"])],
  ["stacks", "destroy", async () => { await cdk(["destroy", "--all", "--force"]); }],
  ["errors", "a stack that is not there", () => refused(() => cdk(["deploy", "Nope"]), "No stacks match")],
]);
