#!/usr/bin/env bash
# One would expect: linting an AWS::RDS::DBInstance costs about what an AWS::RDS::DBCluster costs; their schemas are alike in size.
# What happens: an instance costs six to ten times as much CPU, 0.06 to 0.08 s each: one rule (E3062, instance classes by engine and
#   region) goes through a table of several megabytes anew for every instance, also for db.serverless members of a cluster.
# Why it matters: a stack with readers, or a template for many clients with one instance each, is linted for many seconds, and
#   the database is not what one suspects. 250 instances take as long as thousands of other resources.
# Version and source: cfn-lint 1.58.0 (PyPI). The figures are CPU seconds, as a ratio within one run.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check cfn-lint==1.58.0 2>/dev/null
cat > cost.py <<'PY'
import json
import resource
import subprocess

KEPT = {"DeletionPolicy": "Snapshot", "UpdateReplacePolicy": "Snapshot"}
USER = {"MasterUsername": "app", "ManageMasterUserPassword": True, "StorageEncrypted": True}
MEMBER = {"Engine": "aurora-postgresql", "DBInstanceClass": "db.serverless", "DBClusterIdentifier": "orders"}
COUNT = 60


def seconds(kind, properties, count):
    rows = {f"R{number}": {"Type": kind, "Properties": properties, **KEPT} for number in range(count)}
    with open("template.json", "w") as file:
        json.dump({"Resources": rows}, file)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run(["env/bin/cfn-lint", "template.json"], check=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def each(kind, properties):
    return (seconds(kind, properties, COUNT) - seconds(kind, properties, 1)) / (COUNT - 1)


print(subprocess.run(["env/bin/cfn-lint", "--version"], capture_output=True, text=True).stdout.strip())
cluster = each("AWS::RDS::DBCluster", {"Engine": "aurora-postgresql", **USER})
member = each("AWS::RDS::DBInstance", MEMBER)
print(f"a DBCluster {1000 * cluster:.1f} ms, a db.serverless DBInstance {1000 * member:.1f} ms: {member / cluster:.1f} times")
raise SystemExit(None if member > 3 * cluster else "the behaviour has changed")
PY
env/bin/python cost.py
