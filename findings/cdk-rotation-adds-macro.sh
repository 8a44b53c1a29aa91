#!/usr/bin/env bash
# One would expect: addRotationSingleUser() on an rds.DatabaseCluster adds a rotation schedule, as AWS::SecretsManager::RotationSchedule
#   with HostedRotationLambda does, in a template that CloudFormation reads as it is.
# What happens: the template gets an AWS::Serverless::Application from the Serverless Application Repository and with it
#   `Transform: AWS::Serverless-2016-10-31` at its top: the whole template now goes through a macro.
# Why it matters: deploying it needs CAPABILITY_AUTO_EXPAND and rights on the application repository; the stack gets a nested
#   stack whose contents no review of the template shows; and what CloudFormation does not do for templates with macros (a
#   reviewed template that is deployed byte for byte, stack refactoring) is lost for the database beside it.
#   schedule.hosted(HostedRotation.postgreSqlSingleUser()) is no way round: HostedRotationLambda brings a transform of its own.
# Version and source: aws-cdk-lib 2.276.0 (npm).
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
npm install --silent --no-audit --no-fund aws-cdk-lib@2.276.0 constructs@10.8.1 >/dev/null 2>&1
cat > synth.js <<'JS'
const { App, Stack } = require("aws-cdk-lib");
const { Vpc, SubnetType } = require("aws-cdk-lib/aws-ec2");
const { HostedRotation } = require("aws-cdk-lib/aws-secretsmanager");
const rds = require("aws-cdk-lib/aws-rds");
console.log("aws-cdk-lib", require("aws-cdk-lib/package.json").version);
function made(rotate) {
  const app = new App();
  const stack = new Stack(app, "Orders");
  const vpc = new Vpc(stack, "Vpc", { natGateways: 0, subnetConfiguration: [{ name: "db", subnetType: SubnetType.PRIVATE_ISOLATED }] });
  const cluster = new rds.DatabaseCluster(stack, "Db", {
    engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.of("17.7", "17") }),
    vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED }, writer: rds.ClusterInstance.serverlessV2("writer"),
  });
  rotate(cluster);
  const template = app.synth().getStackByName("Orders").template;
  const types = new Set(Object.values(template.Resources).map((row) => row.Type));
  return { transform: template.Transform ?? "none", application: types.has("AWS::Serverless::Application") };
}
const cases = {
  "no rotation": made(() => undefined),
  "addRotationSingleUser": made((cluster) => cluster.addRotationSingleUser()),
  "hosted rotation": made((cluster) => cluster.secret.addRotationSchedule("Rotation", { hostedRotation: HostedRotation.postgreSqlSingleUser() })),
};
for (const [name, row] of Object.entries(cases)) console.log(name.padEnd(22), `transform: ${row.transform}`, `nested application: ${row.application}`);
const same = cases["no rotation"].transform === "none" && cases["addRotationSingleUser"].transform === "AWS::Serverless-2016-10-31"
  && cases["addRotationSingleUser"].application && cases["hosted rotation"].transform === "AWS::SecretsManager-2024-09-16";
if (!same) { console.log("the behaviour has changed"); process.exit(1); }
JS
node synth.js
