#!/usr/bin/env bash
# One would expect: `cdk diff` shows the old and the new value of a changed property, as it does for text and numbers.
# What happens: a boolean that changes is named, and neither value is printed: DeletionProtection true -> false and false -> true give the same
#   lines. Nested booleans likewise. Only an added or removed one, or one that changes its type, is shown with its value.
# Why it matters: whether a cluster gains or loses its protection, its encryption or its backup copies of tags cannot be read in the review;
#   the line looks like a harmless one, and the approval is given to a name.
# Version and source: @aws-cdk/cloudformation-diff 2.187.5 (npm), formatObjectDiff; the newest aws-cdk 2.1148.1 prints the same.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
npm install --silent --no-audit --no-fund @aws-cdk/cloudformation-diff@2.187.5 aws-cdk@2.1148.1 aws-cdk-lib@2.276.0 constructs@10.8.1 >/dev/null 2>&1
cat > shown.js <<'JS'
const { formatDifferences, fullDiff } = require("@aws-cdk/cloudformation-diff");
const template = (Properties) => ({ Resources: { Db: { Type: "AWS::RDS::DBCluster", Properties } } });
function shown(before, after) {
  let text = "";
  formatDifferences({ write: (part) => { text += part; } }, fullDiff(template(before), template(after)));
  const lines = text.replace(/\x1b\[[0-9;]*m/g, "").trim().split("\n").slice(2);
  console.log(JSON.stringify(before), "->", JSON.stringify(after));
  console.log(lines.join("\n"));
  return lines.join("\n");
}
console.log("@aws-cdk/cloudformation-diff", require("@aws-cdk/cloudformation-diff/package.json").version);
const lost = shown({ DeletionProtection: true }, { DeletionProtection: false });
const gained = shown({ DeletionProtection: false }, { DeletionProtection: true });
const number = shown({ BackupRetentionPeriod: 7 }, { BackupRetentionPeriod: 1 });
const removed = shown({ DeletionProtection: true }, {});
const same = lost === gained && !/true|false/.test(lost) && /7[^]*1/.test(number) && /true/.test(removed);
if (!same) { console.log("the behaviour has changed"); process.exit(1); }
JS
node shown.js
cat > app.js <<'JS'
const { App, CfnResource, DefaultStackSynthesizer, Stack } = require("aws-cdk-lib");
const stack = new Stack(new App({ outdir: process.argv[2] }), "Orders", { synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) });
new CfnResource(stack, "Db", { type: "AWS::RDS::DBCluster", properties: { Engine: "aurora-postgresql", DeletionProtection: process.argv[2] === "on" } });
stack.node.root.synth();
JS
node app.js on; node app.js off
npx cdk diff --app off --template on/Orders.template.json --no-color --no-notices --no-version-reporting 2>&1 | tee out
grep -q 'DeletionProtection' out && ! grep -qE 'true|false' out || { echo "the behaviour has changed"; exit 1; }
