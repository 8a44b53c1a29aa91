#!/usr/bin/env bash
# One would expect: DatabaseClusterFromSnapshot without credentials has no secret, as the restored master password is known to its owner only;
#   `cluster.secret` is optional for that. Or it has one that opens the database.
# What happens: CDK makes a secret with a new random password, attaches it to the cluster, which adds host and port, and returns it as
#   `cluster.secret`; the cluster has neither MasterUserPassword nor ManageMasterUserPassword. Nothing ever gives the password to the database.
# Why it matters: the secret looks like that of any other cluster, so a function or `grantDataApiAccess` gets it, and the first statement after
#   a restore, done in a hurry, fails with a wrong password. The warning of synth speaks of rotation. `snapshotCredentials` is what works,
#   and then two secrets are attached to one cluster, of which one opens nothing and is billed.
# Version and source: aws-cdk-lib 2.276.0 (npm); DatabaseClusterFromSnapshot in aws-rds/lib/cluster.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund aws-cdk-lib@2.276.0 constructs@10.8.1 >/dev/null 2>&1
cat > restored.mjs <<'JS'
import { readFileSync } from "node:fs";
import { App, Stack } from "aws-cdk-lib";
import { Vpc } from "aws-cdk-lib/aws-ec2";
import { AuroraPostgresEngineVersion, ClusterInstance, DatabaseClusterEngine, DatabaseClusterFromSnapshot, SnapshotCredentials } from "aws-cdk-lib/aws-rds";
import { Template } from "aws-cdk-lib/assertions";

const restored = (credentials) => {
  const stack = new Stack(new App(), "Restored");
  const cluster = new DatabaseClusterFromSnapshot(stack, "Cluster", {
    engine: DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_16_6 }),
    snapshotIdentifier: "before-the-upgrade", vpc: new Vpc(stack, "Vpc"), writer: ClusterInstance.serverlessV2("writer"), ...credentials,
  });
  const template = Template.fromStack(stack);
  const [properties] = Object.values(template.findResources("AWS::RDS::DBCluster")).map((found) => found.Properties);
  return {
    "cluster.secret": Boolean(cluster.secret),
    "secrets attached": Object.keys(template.findResources("AWS::SecretsManager::SecretTargetAttachment")).length,
    "password set": "MasterUserPassword" in properties || "ManageMasterUserPassword" in properties,
  };
};
const without = restored({});
const named = restored({ snapshotCredentials: SnapshotCredentials.fromGeneratedSecret("postgres") });
console.log("aws-cdk-lib", JSON.parse(readFileSync("node_modules/aws-cdk-lib/package.json")).version);
console.log("without credentials :", without);
console.log("snapshotCredentials :", named);
const same = without["cluster.secret"] && without["secrets attached"] === 1 && !without["password set"] && named["password set"] && named["secrets attached"] === 2;
process.exit(same ? 0 : (console.log("the behaviour has changed"), 1));
JS
node restored.mjs 2>/dev/null
