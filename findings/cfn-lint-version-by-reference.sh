#!/usr/bin/env bash
# One would expect: a dynamic reference such as {{resolve:ssm:/db/version}} passes cfn-lint in every property, as its value is known only when the stack
#   is deployed; that holds for DBInstanceClass, Port, BackupRetentionPeriod and the windows, also where their values are listed or bounded.
# What happens: as an EngineVersion it is an error: the text of the reference "is not one of" the known versions, E3690 for clusters and E3691 for
#   instances. So it is as the StorageType of a cluster (E3693), the Runtime of a function with inline code (E3677) and the Period of an alarm
#   (E3615). All compare a value with other properties. The same reference as the default of a parameter is no error.
# Why it matters: the version that a platform team sets for all databases in one SSM parameter is the usual reason for such a reference. The error is
#   about the version, so a rule is switched off that finds real ones: a version that the engine does not have.
# Version and source: cfn-lint 1.58.0 (PyPI); dynamic references: CloudFormation user guide, "Get values stored in other services".
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check cfn-lint==1.58.0 2>/dev/null
write() {  # write EngineVersion StorageType Runtime Period [parameters]: the template; the other references stay
  cat > template.yaml <<YAML
Parameters: ${5:-{\}}
Resources:
  Cluster:
    Type: AWS::RDS::DBCluster
    DeletionPolicy: Snapshot
    UpdateReplacePolicy: Snapshot
    Properties:
      Engine: aurora-postgresql
      EngineVersion: $1
      BackupRetentionPeriod: '{{resolve:ssm:/db/days}}'
      Port: '{{resolve:ssm:/db/port}}'
      StorageType: $2
      PreferredBackupWindow: '{{resolve:ssm:/db/window}}'
      MasterUsername: app
      ManageMasterUserPassword: true
  Writer:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Delete
    UpdateReplacePolicy: Delete
    Properties: {Engine: aurora-postgresql, EngineVersion: $1, DBClusterIdentifier: !Ref Cluster, DBInstanceClass: '{{resolve:ssm:/db/class}}'}
  Function:
    Type: AWS::Lambda::Function
    Properties: {Runtime: $3, Handler: index.handler, Role: '{{resolve:ssm:/role}}', MemorySize: '{{resolve:ssm:/size}}', Code: {ZipFile: pass}}
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/RDS
      MetricName: ACUUtilization
      Statistic: Maximum
      Period: $4
      ComparisonOperator: GreaterThanThreshold
      EvaluationPeriods: '{{resolve:ssm:/alarm/periods}}'
      Threshold: '{{resolve:ssm:/alarm/threshold}}'
YAML
}
said() { env/bin/cfn-lint --format parseable template.yaml | cut -d: -f6- | cut -c1-100 || true; }
env/bin/cfn-lint --version
write "'{{resolve:ssm:/db/version}}'" "'{{resolve:ssm:/db/storage}}'" "'{{resolve:ssm:/runtime}}'" "'{{resolve:ssm:/alarm/period}}'"
echo "by reference:"; said | tee references
write "!Ref Version" aurora-iopt1 python3.13 60 "{Version: {Type: String, Default: '{{resolve:ssm:/db/version}}'}}"
echo "the version by a parameter whose default is the reference:"; said | tee parameter
for rule in E3690 E3691 E3693 E3677 E3615; do grep -q "$rule" references || { echo "the behaviour has changed"; exit 1; }; done
[ "$(wc -l < references)" = 5 ] && ! grep -q '^E' parameter || { echo "the behaviour has changed"; exit 1; }
