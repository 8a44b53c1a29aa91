#!/usr/bin/env bash
# One would expect: Fn.select of the CDK with an index behind the end of the list throws while the template is made, or writes an Fn::Select, which
#   CloudFormation refuses ("Fn::Select cannot select nonexistent value at index 2").
# What happens: where the list is known, it gives undefined, and a property that is undefined is left out of the template. Synthesis says nothing. The
#   same with Fn.split of a known text. With a list of tokens the Fn::Select is written.
# Why it matters: the third reader of a loop over two zones has no AvailabilityZone, and one without a zone is put where RDS likes; a name taken out of
#   "team/orders" with the wrong index is a generated one. The template is valid, so nothing later finds it. TypeScript's type says string.
# Version and source: aws-cdk-lib 2.276.0 (npm); Fn.select in core/lib/cfn-fn.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR=$folder
echo '{"private": true}' > package.json
npm install --silent --no-audit --no-fund aws-cdk-lib@2.276.0 constructs@10.8.1 >/dev/null 2>&1
cat > select.js <<'JS'
const { App, Aws, CfnResource, Fn, Stack } = require("aws-cdk-lib");
const stack = new Stack(new App(), "Orders");
const reader = (name, zone) => new CfnResource(stack, name, {
  type: "AWS::RDS::DBInstance",
  properties: { Engine: "aurora-postgresql", DBInstanceClass: "db.serverless", DBClusterIdentifier: "orders", AvailabilityZone: zone },
});
const zones = ["eu-west-1a", "eu-west-1b"];
[0, 1, 2].forEach((index) => reader(`Reader${index}`, Fn.select(index, zones)));
reader("Splitted", Fn.select(1, Fn.split("/", "eu-west-1a")));
reader("Token", Fn.select(2, Fn.split(",", Fn.importValue("zones"))));
const { Resources } = stack.node.root.synth().getStackByName("Orders").template;
console.log("aws-cdk-lib", require("aws-cdk-lib/package.json").version);
const found = Object.entries(Resources).map(([name, { Properties }]) => [name, Properties.AvailabilityZone]);
for (const [name, zone] of found) console.log(name.padEnd(9), "AvailabilityZone:", JSON.stringify(zone) ?? "not in the template");
const zone = Object.fromEntries(found);
const same = zone.Reader1 === "eu-west-1b" && zone.Reader2 === undefined && zone.Splitted === undefined && "Fn::Select" in zone.Token;
process.exit(same ? 0 : (console.log("the behaviour has changed"), 1));
JS
node select.js
