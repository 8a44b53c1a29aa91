#!/usr/bin/env bash
# One would expect: removalPolicy RETAIN on an rds.DatabaseCluster keeps what is needed to use the cluster after the stack is
#   deleted: cluster, instances, subnet group, and the generated secret with the only copy of the master password.
# What happens: cluster, instances and subnet group get DeletionPolicy Retain (and deletion protection is switched on), the
#   generated secret keeps Delete.
# Why it matters: deleting the stack, or removing the construct from it, keeps a running database and deletes its password.
#   Secrets Manager holds a deleted secret for its recovery window at the most. The same holds for the default policy, Snapshot.
# Version and source: aws-cdk-lib 2.276.0 (npm); aws-rds, DatabaseCluster with default credentials.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
npm install --silent --no-audit --no-fund aws-cdk-lib@2.276.0 constructs@10.8.1 >/dev/null 2>&1
cat > synth.js <<'JS'
const { App, RemovalPolicy, Stack } = require("aws-cdk-lib");
const { Vpc, SubnetType } = require("aws-cdk-lib/aws-ec2");
const rds = require("aws-cdk-lib/aws-rds");
console.log("aws-cdk-lib", require("aws-cdk-lib/package.json").version);
const app = new App();
const stack = new Stack(app, "Orders");
const vpc = new Vpc(stack, "Vpc", { natGateways: 0, subnetConfiguration: [{ name: "db", subnetType: SubnetType.PRIVATE_ISOLATED }] });
new rds.DatabaseCluster(stack, "Db", {
  engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.of("17.7", "17") }),
  vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED }, writer: rds.ClusterInstance.serverlessV2("writer"),
  removalPolicy: RemovalPolicy.RETAIN,
});
const policies = {};
for (const row of Object.values(app.synth().getStackByName("Orders").template.Resources)) {
  if (/RDS|SecretsManager::Secret$/.test(row.Type)) policies[row.Type] = row.DeletionPolicy;
}
for (const [type, policy] of Object.entries(policies)) console.log(type.padEnd(32), policy);
const same = policies["AWS::RDS::DBCluster"] === "Retain" && policies["AWS::RDS::DBInstance"] === "Retain" && policies["AWS::SecretsManager::Secret"] === "Delete";
if (!same) { console.log("the behaviour has changed"); process.exit(1); }
JS
node synth.js
