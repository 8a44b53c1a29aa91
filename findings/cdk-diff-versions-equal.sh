#!/usr/bin/env bash
# One would expect: `cdk diff` lists a changed EngineVersion, and `--fail` ends with 1; both versions are text in the template.
# What happens: "There were no differences", exit code 0, for 16.1 -> 16.10 (and 16.10 -> 16.1): where one side is text, both are compared as
#   numbers, and as numbers they are equal. 16.9 -> 16.10 is shown. An account id with a leading zero equals the one without it, by the same rule.
# Why it matters: nine minor versions at once, which RDS does not take back, pass a review (and a pipeline that asks `--fail` whether to review)
#   unseen; `cdk deploy`, which compares the templates' texts, sends the change. 14.10, 15.10, 16.10 and 17.10 are versions of Aurora PostgreSQL.
# Version and source: aws-cdk 2.1148.1, aws-cdk-lib 2.276.0, @aws-cdk/cloudformation-diff 2.187.5 (npm), its deepEqual.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
npm install --silent --no-audit --no-fund aws-cdk@2.1148.1 aws-cdk-lib@2.276.0 constructs@10.8.1 @aws-cdk/cloudformation-diff@2.187.5 >/dev/null 2>&1
cat > app.js <<'JS'
const { App, CfnResource, DefaultStackSynthesizer, Stack } = require("aws-cdk-lib");
const synthesizer = new DefaultStackSynthesizer({ generateBootstrapVersionRule: false });
const stack = new Stack(new App({ outdir: process.argv[2] }), "Orders", { synthesizer });
new CfnResource(stack, "Db", { type: "AWS::RDS::DBCluster", properties: { Engine: "aurora-postgresql", EngineVersion: process.argv[2] } });
stack.node.root.synth();
JS
for version in 16.1 16.9 16.10; do node app.js "$version"; done
echo "aws-cdk $(npx cdk --version)"
shown() {  # shown OLD NEW: prints what `cdk diff --fail` says about the two templates and its exit code
  code=0
  said=$(npx cdk diff --app "$2" --template "$1/Orders.template.json" --fail --no-color --no-notices --no-version-reporting 2>&1) || code=$?
  echo "EngineVersion $1 -> $2: exit code $code; $(grep -oE 'There were no differences|EngineVersion' <<< "$said" | head -1)"
}
{ shown 16.1 16.10; shown 16.10 16.1; shown 16.9 16.10; } | tee out
node -e '
const { fullDiff } = require("@aws-cdk/cloudformation-diff");
const template = (account) => ({ Resources: { Db: { Type: "AWS::RDS::DBClusterParameterGroup", Properties: { Tags: [{ Key: "owner", Value: account }] } } } });
console.log("a tag 012345678901 -> 12345678901:", fullDiff(template("012345678901"), template("12345678901")).differenceCount, "differences");
' | tee -a out
[ "$(grep -c 'exit code 0; There were no differences' out)" = 2 ] && grep -q '16.9 -> 16.10: exit code 1; EngineVersion' out &&
  grep -q '12345678901: 0 differences' out || { echo "the behaviour has changed"; exit 1; }
