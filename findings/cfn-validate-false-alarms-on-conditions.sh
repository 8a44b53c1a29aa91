#!/usr/bin/env bash
# One would expect: AWS's offline validator reads conditions as its older relative cfn-lint does: two properties in opposite branches of one condition
#   never meet, a parameter's empty default is not used in the branch that is taken for a given name only, and Fn::Equals of two parameters is open.
# What happens: three warnings, of which none is true. W3688: MasterUsername is ignored beside SnapshotIdentifier, though one of the two is always
#   absent. W1030: the default '' does not fit DBClusterIdentifier, though that branch is for other values. W8003: Fn::Equals of the two parameters
#   "will always return False", also where both have the same default. cfn-lint, whose rules have the same numbers, says nothing about the template.
# Why it matters: a template with an optional snapshot, an optional name and "the same as the other" is the usual form of a reusable blueprint. The
#   validator also runs in every synth of aws-cdk-lib 2.276.0, also over an included template; a template that is changed to satisfy W3688 or
#   W8003 loses the user name of new clusters, or a branch that is needed.
# Version and source: cloudformation-validate 1.14.0, cfn-lint 1.58.0 (PyPI).
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check cloudformation-validate==1.14.0 cfn-lint==1.58.0 2>/dev/null
cat > template.yaml <<'YAML'
Parameters:
  Name: {Type: String, Default: ""}
  Snapshot: {Type: String, Default: ""}
  Backups: {Type: Number, Default: 7, MinValue: 1, MaxValue: 35}
  LeastBackups: {Type: Number, Default: 1, MinValue: 1, MaxValue: 35}
Conditions:
  HasName: !Not [!Equals [!Ref Name, ""]]
  IsRestored: !Not [!Equals [!Ref Snapshot, ""]]
  HasLeastBackups: !Equals [!Ref Backups, !Ref LeastBackups]
Resources:
  Db:
    Type: AWS::RDS::DBCluster
    DeletionPolicy: Snapshot
    UpdateReplacePolicy: Snapshot
    Properties:
      Engine: aurora-postgresql
      StorageEncrypted: true
      ManageMasterUserPassword: true
      DBClusterIdentifier: !If [HasName, !Ref Name, !Ref AWS::NoValue]
      SnapshotIdentifier: !If [IsRestored, !Ref Snapshot, !Ref AWS::NoValue]
      MasterUsername: !If [IsRestored, !Ref AWS::NoValue, app]
      BackupRetentionPeriod: !Ref Backups
      DeletionProtection: !If [HasLeastBackups, false, true]
YAML
cat > verdicts.py <<'PY'
import subprocess
from importlib.metadata import version

from cloudformation_validate import CompositeEngine, TemplateContent

RULES = {"W1030", "W3688", "W8003"}


def verdicts(text):
    rows = CompositeEngine().validate_template(TemplateContent(text)).diagnostics
    return [(row.rule_id, row.message) for row in rows if row.severity.name != "INFO"]


print("cloudformation-validate", version("cloudformation-validate"), "cfn-lint", version("cfn-lint"))
text = open("template.yaml").read()
found = verdicts(text)
for rule, message in found:
    print(rule, message)
same_defaults = verdicts(text.replace("Default: 7", "Default: 1"))
print("with the same default for both numbers:", [message for rule, message in same_defaults if rule == "W8003"])
both = text.replace("!If [IsRestored, !Ref AWS::NoValue, app]", "app").replace("!If [IsRestored, !Ref Snapshot, !Ref AWS::NoValue]", "daily")
open("both.yaml", "w").write(both)
lint = {name: subprocess.run(["env/bin/cfn-lint", "--format", "parseable", name], capture_output=True, text=True) for name in ("template.yaml", "both.yaml")}
print("cfn-lint:", lint["template.yaml"].stdout.strip() or "nothing to say", "- where both do meet:", lint["both.yaml"].stdout.strip().split(":")[-2:])
same = {rule for rule, _ in found} == RULES <= {rule for rule, _ in same_defaults} and lint["template.yaml"].returncode == 0 and "W3688" in lint["both.yaml"].stdout
raise SystemExit(None if same else "the behaviour has changed")
PY
env/bin/python verdicts.py
