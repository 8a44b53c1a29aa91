#!/usr/bin/env bash
# One would expect: an EngineVersion that is a major version alone ("16"), for which RDS chooses the minor version, has one verdict: right for every
#   major version that is offered, of clusters, of their members and of other instances.
# What happens: three. For an Aurora cluster "17" and "18" pass, "16", "15" and "14" are "deprecated and cannot be used to create new RDS DB clusters",
#   though 16.13 or 15.17 are not. The same "17" is an error for the cluster's member ("not one of ..."), and deprecated for a PostgreSQL instance.
#   The list of withdrawn versions has the major version as soon as one of its minor versions is withdrawn.
# Why it matters: "let RDS choose the minor" is what keeps templates from ageing, and it is refused by a message that sounds like the end of a major
#   version: upgrades are planned, or the rule is switched off, with which the true warnings of withdrawn minor versions go.
# Version and source: cfn-lint 1.58.0 (PyPI), rules W3690, W3691, E3691; EngineVersion: CreateDBCluster in the RDS API reference.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check cfn-lint==1.58.0 2>/dev/null
cat > versions.py <<'PY'
import json
import subprocess
from importlib.metadata import version

KEPT = {"DeletionPolicy": "Snapshot", "UpdateReplacePolicy": "Snapshot"}
USER = {"MasterUsername": "app", "ManageMasterUserPassword": True, "StorageEncrypted": True}
KINDS = {
    "cluster": ("AWS::RDS::DBCluster", {"Engine": "aurora-postgresql", **USER}),
    "member": ("AWS::RDS::DBInstance", {"Engine": "aurora-postgresql", "DBInstanceClass": "db.serverless", "DBClusterIdentifier": "orders"}),
    "instance": ("AWS::RDS::DBInstance", {"Engine": "postgres", "DBInstanceClass": "db.t4g.micro", "AllocatedStorage": "20", **USER}),
}


def verdicts(kind, versions):
    type_, properties = KINDS[kind]
    rows = {f"V{place}": {"Type": type_, **KEPT, "Properties": {**properties, "EngineVersion": text}} for place, text in enumerate(versions)}
    with open("template.json", "w") as file:
        json.dump({"Resources": rows}, file)
    done = subprocess.run(["env/bin/cfn-lint", "--format", "json", "template.json"], capture_output=True, text=True)
    said = {row["Location"]["Path"][1]: row["Rule"]["Id"] for row in json.loads(done.stdout or "[]")}
    found = {text: said.get(f"V{place}", "-") for place, text in enumerate(versions)}
    print(f"{kind:9}", found)
    return found


print("cfn-lint", version("cfn-lint"))
cluster = verdicts("cluster", ["18", "17", "16", "15", "14", "16.13", "15.17", "16.1"])
member = verdicts("member", ["17", "16", "17.7"])
instance = verdicts("instance", ["17", "16"])
same = [cluster[text] for text in ("18", "17", "16", "15", "14")] == ["-", "-", "W3690", "W3690", "W3690"]
same = same and (cluster["16.13"], cluster["15.17"], cluster["16.1"]) == ("-", "-", "W3690")
same = same and list(member.values()) == ["E3691", "E3691", "-"] and list(instance.values()) == ["W3691", "W3691"]
raise SystemExit(None if same else "the behaviour has changed")
PY
env/bin/python versions.py
