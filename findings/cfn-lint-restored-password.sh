#!/usr/bin/env bash
# One would expect: a DBCluster that is restored from a snapshot and gets a new MasterUserPassword (which RDS sets after the
#   restore) passes cfn-lint in one of its two spellings, with MasterUsername or without.
# What happens: neither passes. With MasterUsername: W3688, the name is ignored. Without it: E3021, the password depends on
#   the name. Following either message leads to the other one.
# Why it matters: the pipeline that treats findings as failures has no spelling left but a suppression, or ManageMasterUserPassword,
#   which passes. Restoring is done in a hurry, and the error sounds as if the template were wrong.
# Version and source: cfn-lint 1.58.0 (PyPI).
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check cfn-lint==1.58.0 2>/dev/null
cat > with.yaml <<'YAML'
Resources:
  Cluster:
    Type: AWS::RDS::DBCluster
    DeletionPolicy: Snapshot
    UpdateReplacePolicy: Snapshot
    Properties:
      Engine: aurora-postgresql
      SnapshotIdentifier: before-the-upgrade
      MasterUsername: app
      MasterUserPassword: "{{resolve:secretsmanager:orders:SecretString:password}}"
      StorageEncrypted: true
YAML
grep -v MasterUsername with.yaml > without.yaml
sed 's/MasterUserPassword: .*/ManageMasterUserPassword: true/' without.yaml > managed.yaml
env/bin/cfn-lint --version
for name in with without managed; do
  code=0; said=$(env/bin/cfn-lint "$name.yaml") || code=$?
  echo "$name: exit code $code ${said%%$'\n'*}"; printf '%s' "$said" > "$name.txt"
done
grep -q W3688 with.txt && grep -q E3021 without.txt && [ ! -s managed.txt ] || { echo "the behaviour has changed"; exit 1; }
