"""Rules about what AWS refuses at deployment, beyond the tables: networks, roles, secrets, parameter groups."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lint.toys import BOX, DROP, DSQL, PROXY, TARGETS, VPN, found, role, statement, subnet

OTHER_VPC = {"Other": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.9.0.0/16"}}}
ZONE = {"Fn::Select": [0, {"Fn::GetAZs": ""}]}
PARAMETER_VPC = {"/Parameters/Net": {"Type": "AWS::EC2::VPC::Id"}}
PUBLIC = {"Box": BOX, "Box.PubliclyAccessible": True, "Box.DBSubnetGroupName": {"Ref": "Subnets"}}
GATEWAY = {"Attached": {"Type": "AWS::EC2::VPCGatewayAttachment", "Properties": {"VpcId": {"Ref": "Vpc"}}}}
ENDPOINT = {
    "Door": {
        "Type": "AWS::EC2::VPCEndpoint",
        "Properties": {"VpcEndpointType": "Interface", "SubnetIds": [{"Ref": "A"}, {"Ref": "B"}]},
    }
}
SECOND = {
    "Second": {
        "Type": "AWS::EC2::ClientVpnTargetNetworkAssociation",
        "Properties": {"ClientVpnEndpointId": {"Ref": "Endpoint"}, "SubnetId": {"Ref": "B"}},
    }
}
FUNCTION = {
    "Function": {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Role": {"Fn::GetAtt": ["Runs", "Arn"]},
            "VpcConfig": {"SubnetIds": [{"Ref": "A"}], "SecurityGroupIds": [{"Ref": "Clients"}]},
        },
    }
}
WITH_IPV6 = {f"{name}.Ipv6CidrBlock": "fd00::/64" for name in "AB"}
PARTITION_ARN = "arn:${AWS::Partition}:rds-db:${AWS::Region}:${AWS::AccountId}:dbuser:"


def trusting(*services: Any) -> dict[str, Any]:
    trust = {"Effect": "Allow", "Principal": {"Service": list(services)}, "Action": "sts:AssumeRole"}
    made = role(statement("secretsmanager:GetSecretValue", "*"))
    return {"Runs": {"Type": made["Type"], "Properties": made["Properties"] | {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]}}}}  # fmt: skip


def managed(*names: str) -> dict[str, Any]:
    arns = [f"arn:aws:iam::aws:policy/service-role/{name}" for name in names]
    return trusting("lambda.amazonaws.com") | {"Runs.ManagedPolicyArns": arns}


def group(kind: str, family: str, **settings: Any) -> dict[str, Any]:
    return {"Own": {"Type": f"AWS::RDS::{kind}", "Properties": {"Family": family, "Parameters": settings}}}


def rotation(**rules: Any) -> dict[str, Any]:
    return {"Turn": {"Type": "AWS::SecretsManager::RotationSchedule", "Properties": {"RotationRules": rules}}}


def secret(**generated: Any) -> dict[str, Any]:
    return {"Word": {"Type": "AWS::SecretsManager::Secret", "Properties": {"GenerateSecretString": generated}}}


def policy(action: str, resource: Any) -> dict[str, Any]:
    return {"Reader": role(statement(action, resource))}


def sam(action: str, resource: Any) -> dict[str, Any]:
    policies = ["AWSLambdaBasicExecutionRole", {"Statement": [statement(action, resource)]}]
    return {"Reader": {"Type": "AWS::Serverless::Function", "Properties": {"Policies": policies}}}


def regions(witness: str = "", *peers: str) -> dict[str, Any]:
    made = {"WitnessRegion": witness} if witness else {}
    clusters = [f"arn:aws:dsql:{peer}:123456789012:cluster/abcdefghijklmnopqrstuvwxyz" for peer in peers]
    return {"Store": DSQL, "Store.MultiRegionProperties": made | {"Clusters": clusters}}


def chosen(version: str, engine: str = "aurora-postgresql", **row: Any) -> dict[str, Any]:
    parameter = {"Type": "String", "Default": version} | row
    return {"/Parameters/V": parameter, "Cluster.EngineVersion": {"Ref": "V"}, "Cluster.Engine": engine}


def parameters(count: int) -> dict[str, Any]:
    return {f"/Parameters/P{number}": {"Type": "String", "Default": "x"} for number in range(count)}


def output(**row: Any) -> dict[str, Any]:
    return {"/Outputs/O": {"Value": "x"} | row}


def exported(name: Any, value: Any = "x") -> dict[str, Any]:
    return output(Value=value, Export={"Name": name})


def resolving(count: int) -> dict[str, Any]:
    """Dynamic references, each of them twice and with a part that another resource gives."""
    ones = [{"Fn::Sub": f"{{{{resolve:ssm:/p{n}/${{AWS::StackName}}}}}}"} for n in range(count)]
    return tagged([{"Key": f"k{n}", "Value": one} for n, one in enumerate(ones * 2)])


def tagged(tags: Any) -> dict[str, Any]:
    return {"Own": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "x", "Tags": tags}}}


def sized(kind: str) -> dict[str, Any]:
    return {"/Parameters/Size": {"Type": "String", "Default": kind}, "Box": BOX, "Box.DBInstanceClass": {"Ref": "Size"}}


AURORA_SIZE = {"Box": DROP, "Writer.DBInstanceClass": {"Ref": "Size"}}


def mastered(**generated: Any) -> dict[str, Any]:
    password = {"Fn::Sub": "{{resolve:secretsmanager:${Word}:SecretString:password}}"}
    made = secret(SecretStringTemplate='{"username": "dbadmin"}', GenerateStringKey="password", **generated)
    return made | {"Cluster.MasterUserPassword": password, "Cluster.ManageMasterUserPassword": DROP}


TURN = {"Turn": {"Type": "AWS::SecretsManager::RotationSchedule", "Properties": {"SecretId": {"Ref": "Word"}}}}
ATTACHED = {
    "Tie": {
        "Type": "AWS::SecretsManager::SecretTargetAttachment",
        "Properties": {
            "SecretId": {"Ref": "Word"}, "TargetId": {"Ref": "Cluster"}, "TargetType": "AWS::RDS::DBCluster"
        },
    }
}  # fmt: skip
PLAIN = {"ExcludePunctuation": True}
MINE = {"Proxy": PROXY, "Targets": TARGETS}
BAD: list[tuple[str, dict[str, Any], str]] = [
    ("E9031", {"Proxy": PROXY, "B": subnet(ZONE, "10.0.1.0/24")}, "all subnets of Proxy are in one availability zone"),
    ("E9044", policy("rds-db:connect", "arn:aws:rds:eu-west-1:123456789012:cluster:orders"), "the ARN is of rds"),
    ("E9044", policy("rds-db:connect", {"Fn::GetAtt": ["Cluster", "DBClusterArn"]}), "DBClusterArn of Cluster is no"),
    ("E9044", policy("rds-db:connect", {"Fn::Sub": f"{PARTITION_ARN}orders/app"}), "orders is no resource id"),
    ("E9044", sam("rds-db:connect", {"Fn::Sub": f"{PARTITION_ARN}${{Cluster}}/app"}), "Ref of Cluster is its id"),
    ("W9044", policy("rds:connect", "*"), "there is no action rds:connect"),
    ("E9045", policy("dsql:DBConnectAsAdmin", "*"), "there is no action dsql:DBConnectAsAdmin"),
    ("E9045", sam("dsql:DbConnectAll", "*"), "there is no action dsql:DbConnectAll"),
    ("W9045", sam("dsql:DbConnectAdmin", {"Fn::GetAtt": ["Store", "ResourceArn"]}), "admin may do everything"),
    ("E9046", regions("us-west-7"), "there is no region us-west-7"),
    ("E9046", regions("us-west-2", "us-west-2"), "the peer is in us-west-2, the region of the witness"),
    ("E9062", OTHER_VPC | {"B.VpcId": {"Ref": "Other"}}, "Subnets is in more than one VPC: A in Vpc, B in Other"),
    ("E9062", OTHER_VPC | {"Group.VpcId": {"Ref": "Other"}}, "Cluster is in more than one VPC"),
    ("E9062", {"Group.VpcId": DROP}, "Group in the default VPC"),
    ("E9062", PARAMETER_VPC | {"Group.VpcId": "vpc-0aaaaaaaaaaaaaaaa"}, "Group in vpc-0aaaaaaaaaaaaaaaa"),
    ("E9062", OTHER_VPC | FUNCTION | {"Clients.VpcId": {"Ref": "Other"}}, "Function is in more than one VPC"),
    ("E9062", OTHER_VPC | VPN | {"Endpoint.SecurityGroupIds": [{"Ref": "Group"}],
                                 "Group.VpcId": {"Ref": "Other"}}, "Endpoint is in more than one VPC"),
    ("W9062", {"Group.VpcId": DROP, "Subnets.SubnetIds": {"Fn::ImportValue": "subnets"}}, "Group has no VpcId"),
    ("E9063", ENDPOINT | {"B": subnet(ZONE, "10.0.1.0/24")}, "the subnets A and B of Door are in one"),
    ("E9063", VPN | SECOND | {"B": subnet(ZONE, "10.0.1.0/24")}, "the subnets A and B of Endpoint are in one"),
    ("E9064", {"Cluster.NetworkType": "DUAL"}, "NetworkType DUAL needs IPv6, and A has no Ipv6CidrBlock"),
    ("E9064", {"Proxy": PROXY, "Proxy.EndpointNetworkType": "IPV6"}, "EndpointNetworkType IPV6 needs IPv6"),
    ("E9064", MINE | {"Proxy.TargetConnectionNetworkType": "IPV6"}, "needs a dual-stack database, and Cluster is"),
    ("E9065", PUBLIC, "Box is public, and Vpc has no internet gateway"),
    ("E9066", trusting("lambda.amazonaws.com") | {"Proxy": PROXY, "Proxy.RoleArn": {"Fn::GetAtt": ["Runs", "Arn"]}},
     "the trust policy of Runs does not name rds.amazonaws.com"),
    ("E9066", trusting("rds.amazonaws.com") | {"Writer.MonitoringRoleArn": {"Fn::GetAtt": ["Runs", "Arn"]}},
     "does not name monitoring.rds.amazonaws.com"),
    ("E9066", FUNCTION | trusting("ec2.amazonaws.com"), "does not name lambda.amazonaws.com"),
    ("E9066", trusting("monitoring.rds.amazonaws.com") | {
        "Cluster.AssociatedRoles": [{"FeatureName": "s3Import", "RoleArn": {"Fn::GetAtt": ["Runs", "Arn"]}}]},
     "does not name rds.amazonaws.com"),
    ("E9067", FUNCTION | managed("AWSLambdaBasicExecutionRole"), "does not allow ec2:CreateNetworkInterface"),
    ("E9067", FUNCTION | trusting("lambda.amazonaws.com"), "Runs does not allow ec2:CreateNetworkInterface"),
    ("E9068", rotation(ScheduleExpression="rate(2 hours)"), "more often than every 4 hours"),
    ("E9068", rotation(ScheduleExpression="rate(4 hours)", Duration="6h"), "the Duration 6h continues into the next"),
    ("E9068", rotation(ScheduleExpression="rate(1 week)"), "neither rate(...) nor cron(...)"),
    ("E9068", rotation(ScheduleExpression="cron(0 3 * * *)"), "with six fields"),
    ("E9069", secret(SecretStringTemplate="username=app", GenerateStringKey="password"), "is not a JSON object"),
    ("E9069", secret(SecretStringTemplate={"Fn::Sub": '{"username": ${AWS::StackName}'}), "is not a JSON object"),
    ("E9069", secret(SecretStringTemplate='["app"]'), "is not a JSON object"),
    ("E9070", {"Settings.Parameters": {"log_statment": "ddl"}}, "has no parameter log_statment: write log_statement"),
    ("E9070", {"Settings.Parameters": {"slow_query_log": "1"}}, "slow_query_log, which is one of another engine"),
    ("E9070", group("DBParameterGroup", "mysql8.4", work_mem="64"), "mysql8.4 has no parameter work_mem"),
    ("E9071", {"Settings.Parameters": {"rds.force_ssl": "on"}}, "rds.force_ssl 'on' is not 0 or 1"),
    ("E9071", {"Settings.Parameters": {"autovacuum": True}}, "autovacuum 'true' is not 0 or 1"),
    ("E9071", {"Settings.Parameters": {"log_min_duration_statement": "5min"}}, "'5min' is not a whole number"),
    ("E9071", {"Settings.Parameters": {"log_min_duration_statement": "-5"}}, "-5 is not between -1 and 2147483647"),
    ("E9072", group("DBParameterGroup", "aurora-postgresql17") | {
        "Cluster.DBClusterParameterGroupName": {"Ref": "Own"}}, "names Own, which is an AWS::RDS::DBParameterGroup"),
    ("E9072", {"Writer.DBParameterGroupName": {"Ref": "Settings"}}, "name an AWS::RDS::DBParameterGroup"),
    ("E9037", chosen("17.29"), "aurora-postgresql has no version 17.29"),
    ("E9037", chosen("16.3", AllowedValues=["16.3", "16.99"]), "has no version 16.99 when V is '16.99'"),
    ("E9037", chosen("8.0.mysql_aurora.3.19.9", "aurora-mysql"), "has no version 8.0.mysql_aurora.3.19.9"),
    ("I9037", {"Cluster.EngineVersion": "17.13"}, "17.13 is newer than the versions known here"),
    ("I9037", {"Cluster.EngineVersion": "19.1"}, "19.1 is newer"),
    ("W9063", chosen("15.2"), "15.2 is no longer offered for a new database"),
    ("E9073", sized("db.t4g.nano"), "RDS has no instance class db.t4g.nano: use a size of db.t4g: large, medium"),
    ("E9073", sized("db.t3.micro") | AURORA_SIZE, "Aurora has no instance class db.t3.micro: use a size of db.t3"),
    ("E9073", sized("db.m5.large") | AURORA_SIZE, "Aurora has no instance class db.m5.large: use a class such as"),
    ("E9073", sized("t4g.micro"), "'t4g.micro' is no instance class"),
    ("E9075", mastered(PasswordLength=6), "PasswordLength 6 of Word is not between 8 and 41, for Cluster"),
    ("E9075", mastered(PasswordLength=64), "PasswordLength 64 of Word"),
    ("W9073", mastered(ExcludeCharacters='"@'), 'the password of Word may hold / " or @'),
    ("W9073", mastered(), 'the password of Word may hold / " or @'),
    ("W9073", mastered(ExcludePunctuation=True, IncludeSpace=True), "the password of Word may hold a space"),
    ("W9074", mastered() | TURN, "Turn rotates Word, which is attached to no database"),
    ("W9075", secret(SecretStringTemplate='{"username": "dbadmin"}') | ATTACHED, "does not have the password of Word"),
    ("E9076", parameters(201), "the template has 201 parameters, and CloudFormation takes 200"),
    ("E9076", {f"/Mappings/M{n}": {"a": {"b": "c"}} for n in range(201)}, "the template has 201 mappings"),
    ("E9076", {"/Description": "ü" * 513}, "the description has 1,026 bytes in UTF-8"),
    ("E9076", output(Description="ü" * 513), "the description of O has 1,026 bytes"),
    ("E9076", {"/Parameters/P": {"Type": "String", "Default": "ü" * 2049}}, "the default of P has 4,098 bytes"),
    ("E9076", exported("n" * 256), "the name of the export has 256 characters, and CloudFormation takes 255"),
    ("E9076", exported({"Fn::Sub": "${AWS::StackName}-" + "n" * 255}), "the name of the export has 256 characters"),
    ("E9076", exported({"Fn::Sub": "${AWS::StackName}_vpc"}), "holds '_vpc'"),
    ("E9076", exported({"Fn::Join": ["-", ["a b", {"Ref": "AWS::StackName"}]]}), "holds 'a b'"),
    ("E9076", exported("n", "v" * 1025), "the exported value of O has 1,025 characters"),
    ("E9076", resolving(61), "the template has 61 dynamic references, and CloudFormation takes 60"),
    ("E9076", tagged({"k" * 129: "v"}), "the key of the tag has 129 characters"),
    ("W9030", {"Group.SecurityGroupIngress": [{
        "IpProtocol": "tcp", "CidrIp": "0.0.0.0/0", "FromPort": {"Fn::GetAtt": ["Cluster", "Endpoint.Port"]},
        "ToPort": {"Fn::GetAtt": ["Cluster", "Endpoint.Port"]}}]}, "Group lets every address reach the database"),
    ("W9030", {"/Parameters/Port": {"Type": "Number"}, "Cluster.Port": {"Ref": "Port"},
               "Group.SecurityGroupIngress": [{"IpProtocol": "tcp", "CidrIp": "0.0.0.0/0", "FromPort": {"Ref": "Port"},
                                               "ToPort": {"Ref": "Port"}}]}, "Group lets every address reach"),
]  # fmt: skip
GOOD: list[tuple[str, dict[str, Any]]] = [
    ("E9031", {"Proxy": PROXY}),
    ("E9044", policy("rds-db:connect", "*")),
    ("E9044", policy("rds-db:connect", {"Fn::Sub": f"{PARTITION_ARN}${{Cluster.DBClusterResourceId}}/app"})),
    ("E9044", policy("rds-db:connect", {"Fn::Sub": f"{PARTITION_ARN}*/app"})),
    ("E9044", policy("rds-db:connect", {"Fn::Sub": f"{PARTITION_ARN}cluster-ABCDEFGHIJKL01234/app"})),
    ("E9044", policy("rds-db:connect", {"Fn::Sub": f"{PARTITION_ARN}${{Which}}/app"})),
    ("E9044", policy("rds:DescribeDBClusters", "arn:aws:rds:eu-west-1:123456789012:cluster:orders")),
    ("E9044", policy("rds-db:connect", {"Fn::ImportValue": "arn"})),
    ("W9044", policy("rds-db:connect", "*")),
    ("E9045", policy("dsql:DbConnect", "*")),
    ("E9045", policy("dsql:*", "*")),
    ("E9045", policy("dsql:DbConnect*", "*")),
    ("E9046", regions("us-west-2", "us-east-2")),
    ("E9046", regions()),
    ("E9062", {}),
    ("E9062", OTHER_VPC | {"Apart": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"VpcId": {"Ref": "Other"}}}}),
    ("E9062", PARAMETER_VPC | {"A.VpcId": {"Ref": "Net"}, "B.VpcId": {"Ref": "Net"}, "Group.VpcId": {"Ref": "Net"}}),
    ("E9062", {"Group.VpcId": {"Fn::ImportValue": "vpc"}}),
    ("W9062", {}),
    ("W9062", {"Group.VpcId": DROP, "Cluster.DBSubnetGroupName": DROP}),
    ("W9062", {"Group.VpcId": DROP}),
    ("E9063", ENDPOINT),
    ("E9063", VPN | SECOND),
    ("E9063", ENDPOINT | {"Door.VpcEndpointType": "Gateway", "B": subnet(ZONE, "10.0.1.0/24")}),
    ("E9064", {"Cluster.NetworkType": "IPV4"}),
    ("E9064", WITH_IPV6 | {"Cluster.NetworkType": "DUAL"}),
    ("E9064", {"Cluster.NetworkType": "DUAL", "Subnets.SubnetIds": {"Fn::ImportValue": "subnets"}}),
    ("E9064", MINE | WITH_IPV6 | {"Proxy.TargetConnectionNetworkType": "IPV6", "Cluster.NetworkType": "DUAL"}),
    ("E9065", PUBLIC | GATEWAY),
    ("E9065", PUBLIC | {"/Outputs/Vpc": {"Value": {"Ref": "Vpc"}}}),
    ("E9065", PUBLIC | {"Box.PubliclyAccessible": False}),
    ("E9065", PUBLIC | {"A.VpcId": "vpc-1", "B.VpcId": "vpc-1"}),
    ("E9066", trusting("rds.amazonaws.com") | {"Proxy": PROXY, "Proxy.RoleArn": {"Fn::GetAtt": ["Runs", "Arn"]}}),
    ("E9066", trusting({"Fn::Sub": "rds.${AWS::URLSuffix}"}) | {
        "Proxy": PROXY, "Proxy.RoleArn": {"Fn::GetAtt": ["Runs", "Arn"]}}),
    ("E9066", FUNCTION | trusting("edgelambda.amazonaws.com", "lambda.amazonaws.com")),
    ("E9066", FUNCTION | trusting({"Fn::ImportValue": "service"})),
    ("E9067", FUNCTION | managed("AWSLambdaVPCAccessExecutionRole")),
    ("E9067", FUNCTION | managed("AWSLambdaBasicExecutionRole", "SomethingNew")),
    ("E9067", FUNCTION | managed() | {"Runs": role(statement("ec2:*", "*"))}),
    ("E9067", FUNCTION | managed("AWSLambdaBasicExecutionRole") | {"Function.VpcConfig": DROP}),
    ("E9067", FUNCTION | trusting("lambda.amazonaws.com") | {"Runs.ManagedPolicyArns": [{"Ref": "Mine"}]}),
    ("E9068", rotation(ScheduleExpression="rate(4 hours)", Duration="4h")),
    ("E9068", rotation(ScheduleExpression="rate(10 days)", Duration="3h")),
    ("E9068", rotation(ScheduleExpression="cron(0 16 1,15 * ? *)", Duration="2h")),
    ("E9068", rotation(AutomaticallyAfterDays=30)),
    ("E9069", secret(SecretStringTemplate='{"username": "app"}', GenerateStringKey="password")),
    ("E9069", secret(SecretStringTemplate={"Fn::Sub": '{"username": "${AWS::StackName}", "port": ${Port}}'})),
    ("E9069", secret(PasswordLength=20)),
    ("E9070", {"Settings.Parameters": {"log_statement": "ddl", "pg_stat_statements.track": "all", "TimeZone": "UTC"}}),
    ("E9070", group("DBParameterGroup", "mysql8.0", **{"gtid-mode": "ON", "innodb_new_thing_of_later": 1})),
    ("E9070", group("DBParameterGroup", "oracle-ee-19", open_cursors=300)),
    ("E9071", {"Settings.Parameters": {"autovacuum": 1, "shared_buffers": "{DBInstanceClassMemory/32768}"}}),
    ("E9071", {"Settings.Parameters": {"log_min_duration_statement": -1, "wal_compression": "on"}}),
    ("E9071", group("DBParameterGroup", "mysql8.0", general_log="ON")),
    ("E9072", {}),
    ("E9072", group("DBParameterGroup", "aurora-postgresql17") | {"Writer.DBParameterGroupName": {"Ref": "Own"}}),
    ("E9072", {"Cluster.DBClusterParameterGroupName": "default.aurora-postgresql17"}),
    ("E9037", chosen("17.7")),
    ("E9037", chosen("17")),
    ("E9037", chosen("17.13")),
    ("E9037", chosen("18.9")),
    ("E9037", chosen("19.1")),
    ("E9037", chosen("8.4.mysql_aurora.8.4.8", "aurora-mysql")),
    ("E9037", chosen("8.4.mysql_aurora.8.4.9", "aurora-mysql")),
    ("E9037", chosen("8.0.mysql_aurora.3.14.0", "aurora-mysql")),
    ("E9037", {"Cluster.EngineVersion": "17.29"}),
    ("E9037", {"/Parameters/V": {"Type": "String"}, "Cluster.EngineVersion": {"Ref": "V"}}),
    ("I9037", {}),
    ("I9037", {"Cluster.EngineVersion": "17.29"}),
    ("W9063", chosen("17.7")),
    ("W9063", chosen("15")),
    ("W9063", {"Cluster.EngineVersion": "15.2"}),
    ("E9073", sized("db.t4g.micro")),
    ("E9073", sized("db.z9q.large")),
    ("E9073", {"Box": BOX}),
    ("E9073", sized("db.m5.large")),
    ("E9073", sized("db.r8g.large") | AURORA_SIZE),
    ("W9073", mastered(ExcludeCharacters='"@/ ', IncludeSpace=True)),
    ("I9037", {"Box": BOX, "Box.Engine": "mysql", "Box.EngineVersion": "5.7"}),
    ("E9074", {}),
    ("E9075", mastered(PasswordLength=41)),
    ("E9075", mastered()),
    ("E9075", secret(PasswordLength=6)),
    ("W9073", mastered(**PLAIN)),
    ("W9073", mastered(ExcludeCharacters='"@/\\')),
    ("W9073", mastered(ExcludeCharacters={"Ref": "Unwanted"})),
    ("W9074", mastered() | TURN | ATTACHED),
    ("W9074", secret() | TURN),
    ("W9075", mastered() | ATTACHED),
    ("E9076", parameters(200)),
    ("E9076", {f"/Mappings/M{n}": {"a": {"b": "c"}} for n in range(200)}),
    ("E9076", {"/Description": "ü" * 512}),
    # These are over the limit in characters too, which is a finding of cfn-lint.
    ("E9076", {"/Description": "d" * 1025}),
    ("E9076", output(Description="d" * 1025)),
    ("E9076", output(Description="ü" * 512)),
    ("E9076", output(Value="v" * 5000)),
    ("E9076", {"/Parameters/P": {"Type": "String", "Default": "ü" * 2048}}),
    ("E9076", {"/Parameters/P": {"Type": "Number", "Default": 5}}),
    ("E9076", exported("n" * 255, "v" * 1024)),
    ("E9076", exported({"Fn::Sub": "${AWS::StackName}-vpc:a"})),
    ("E9076", exported({"Fn::Sub": ["${Name}-vpc", {"Name": {"Ref": "AWS::StackName"}}]})),
    ("E9076", exported({"Ref": "AWS::StackName"}, {"Fn::Join": [",", ["v" * 1024, {"Ref": "AWS::StackName"}]]})),
    ("E9076", resolving(60)),
    ("E9076", resolving(30) | {"/Metadata": [f"{{{{resolve:ssm:/m{n}}}}}" for n in range(60)]}),
    ("E9076", tagged({"k" * 128: "v"})),
    ("E9076", tagged([{"Key": "k" * 129, "Value": "v"}])),
    ("W9075", secret(SecretStringTemplate='{"username": "app"}') | ATTACHED),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "changes", "message"), BAD)
def test_what_is_wrong_is_found(rule: str, changes: dict[str, Any], message: str) -> None:
    assert [text for _, text in found(rule, changes) if message in text]


@pytest.mark.parametrize(("rule", "changes"), GOOD)
def test_what_is_right_is_left_alone(rule: str, changes: dict[str, Any]) -> None:
    assert found(rule, changes) == []


def test_a_peer_in_the_own_region_is_found() -> None:
    peer = regions("us-west-2", "eu-west-1")
    assert "the region of the cluster" in found("E9046", peer, region="eu-west-1")[0][1]
    assert found("E9046", peer, region="eu-west-3") == []


FOREIGN = "arn:aws:kms:us-east-1:123456789012:key/11111111-1111-1111-1111-111111111111"
REGIONS: list[tuple[dict[str, Any], str]] = [
    ({"Cluster.KmsKeyId": FOREIGN}, "the ARN of KmsKeyId is of region us-east-1, and the stack of eu-west-1"),
    ({"Proxy": PROXY, "Proxy.Auth": [{"SecretArn": FOREIGN}]}, "the ARN of SecretArn is of region us-east-1"),
    ({"A": subnet("us-east-1a", "10.0.0.0/24")}, "the zone us-east-1a of AvailabilityZone is of region us-east-1"),
]


@pytest.mark.parametrize(("changes", "message"), REGIONS)
def test_what_is_of_another_region_is_found(changes: dict[str, Any], message: str) -> None:
    assert message in found("E9074", changes, region="eu-west-1")[0][1]
    assert found("E9074", changes) == []


@pytest.mark.parametrize(
    "zone", ["eu-west-1a", {"Fn::Select": [0, {"Fn::GetAZs": ""}]}, "use1-az1", "eu-west-1-lax-1a"]
)
def test_a_zone_of_the_region_is_left_alone(zone: Any) -> None:
    assert found("E9074", {"A": subnet(zone, "10.0.0.0/24")}, region="eu-west-1") == []
