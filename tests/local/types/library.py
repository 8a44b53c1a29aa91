"""One small resource of every type, the attributes it must answer, and a change to make to it.

Resources name each other, so a stack of one type is the resource and what it needs.
"""

from __future__ import annotations

import json
from typing import Any

from aurora_cfn.template.mentions import mentioned

ROLE = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
CODE = "def handler(event, context):\n    return {'statusCode': 200, 'body': 'ok'}\n"
TAG = [{"Key": "a", "Value": "b"}]


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def get(name: str, attribute: str) -> dict[str, str]:
    return {"Fn::GetAtt": f"{name}.{attribute}"}


# logical id: (type, properties, attributes to ask for, properties to change)
ROWS: dict[str, tuple[str, dict[str, Any], str, dict[str, Any]]] = {
    "Vpc": ("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"},
            "VpcId CidrBlock CidrBlockAssociations DefaultSecurityGroup DefaultNetworkAcl", {"EnableDnsHostnames": True}),
    "SubnetA": ("AWS::EC2::Subnet", {"VpcId": ref("Vpc"), "CidrBlock": "10.0.1.0/24", "AvailabilityZone": "eu-west-1a"},
                "SubnetId AvailabilityZone VpcId CidrBlock", {"MapPublicIpOnLaunch": True}),
    "SubnetB": ("AWS::EC2::Subnet", {"VpcId": ref("Vpc"), "CidrBlock": "10.0.2.0/24", "AvailabilityZone": "eu-west-1b"},
                "SubnetId", {"Tags": TAG}),
    "Gateway": ("AWS::EC2::InternetGateway", {}, "InternetGatewayId", {"Tags": TAG}),
    "Attachment": ("AWS::EC2::VPCGatewayAttachment", {"VpcId": ref("Vpc"), "InternetGatewayId": ref("Gateway")},
                   "AttachmentType", {}),
    "Table": ("AWS::EC2::RouteTable", {"VpcId": ref("Vpc")}, "RouteTableId", {"Tags": TAG}),
    "Route": ("AWS::EC2::Route", {"RouteTableId": ref("Table"), "DestinationCidrBlock": "0.0.0.0/0",
                                  "GatewayId": ref("Gateway")}, "CidrBlock", {}),
    "Associated": ("AWS::EC2::SubnetRouteTableAssociation", {"RouteTableId": ref("Table"), "SubnetId": ref("SubnetA")},
                   "Id", {}),
    "Group": ("AWS::EC2::SecurityGroup", {"GroupDescription": "g", "VpcId": ref("Vpc")}, "GroupId VpcId", {"Tags": TAG}),
    "Ingress": ("AWS::EC2::SecurityGroupIngress", {"GroupId": get("Group", "GroupId"), "IpProtocol": "tcp",
                                                   "FromPort": 5432, "ToPort": 5432, "CidrIp": "10.0.0.0/16"},
                "Id", {"Description": "x"}),
    "Egress": ("AWS::EC2::SecurityGroupEgress", {"GroupId": get("Group", "GroupId"), "IpProtocol": "tcp",
                                                 "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/16"},
               "Id", {"Description": "x"}),
    "Address": ("AWS::EC2::EIP", {"Domain": "vpc"}, "AllocationId PublicIp", {"Tags": TAG}),
    "Nat": ("AWS::EC2::NatGateway", {"AllocationId": get("Address", "AllocationId"), "SubnetId": ref("SubnetA")},
            "NatGatewayId", {"Tags": TAG}),
    "Profile": ("AWS::IAM::InstanceProfile", {"Roles": [ref("Role")]}, "Arn", {"Roles": []}),
    "Host": ("AWS::EC2::Instance", {"ImageId": "ami-0c2023a1b2c3d4e60", "SubnetId": ref("SubnetA"),
                                    "SecurityGroupIds": [get("Group", "GroupId")]}, "PrivateIp", {"Tags": TAG}),
    "FlowLog": ("AWS::EC2::FlowLog", {"ResourceId": ref("Vpc"), "ResourceType": "VPC", "TrafficType": "ALL",
                                      "LogDestination": get("LogGroup", "Arn"),
                                      "DeliverLogsPermissionArn": get("Role", "Arn")}, "Id", {"Tags": TAG}),
    "Endpoint": ("AWS::EC2::VPCEndpoint", {"VpcId": ref("Vpc"), "ServiceName": "com.amazonaws.eu-west-1.s3",
                                           "RouteTableIds": [ref("Table")]}, "Id", {}),
    "Vpn": ("AWS::EC2::ClientVpnEndpoint",
            {"ClientCidrBlock": "10.9.0.0/22", "ServerCertificateArn": "arn:aws:acm:eu-west-1:123456789012:certificate/x",
             "AuthenticationOptions": [{"Type": "certificate-authentication"}],
             "ConnectionLogOptions": {"Enabled": False}}, "Id", {"Description": "x"}),
    "VpnTarget": ("AWS::EC2::ClientVpnTargetNetworkAssociation",
                  {"ClientVpnEndpointId": ref("Vpn"), "SubnetId": ref("SubnetA")}, "Id", {}),
    "VpnRule": ("AWS::EC2::ClientVpnAuthorizationRule",
                {"ClientVpnEndpointId": ref("Vpn"), "TargetNetworkCidr": "10.0.0.0/16", "AuthorizeAllGroups": True},
                "", {"Description": "x"}),
    "VpnRoute": ("AWS::EC2::ClientVpnRoute", {"ClientVpnEndpointId": ref("Vpn"), "TargetVpcSubnetId": ref("SubnetA"),
                                              "DestinationCidrBlock": "0.0.0.0/0"}, "", {"Description": "x"}),
    "Role": ("AWS::IAM::Role", {"AssumeRolePolicyDocument": ROLE}, "Arn RoleId", {"Description": "x"}),
    "Policy": ("AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]}}, "", {}),
    "LogGroup": ("AWS::Logs::LogGroup", {"RetentionInDays": 7}, "Arn", {"RetentionInDays": 14}),
    "LogStream": ("AWS::Logs::LogStream", {"LogGroupName": ref("LogGroup")}, "", {}),
    "Key": ("AWS::KMS::Key", {"KeyPolicy": {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"}]}}, "Arn KeyId",
        {"Description": "x"}),
    "Alias": ("AWS::KMS::Alias", {"AliasName": "alias/x", "TargetKeyId": ref("Key")}, "", {}),
    "Parameter": ("AWS::SSM::Parameter", {"Type": "String", "Value": "1"}, "Type Value", {"Value": "2"}),
    "Secret": ("AWS::SecretsManager::Secret", {"GenerateSecretString": {
        "SecretStringTemplate": '{"username": "boss"}', "GenerateStringKey": "password", "ExcludeCharacters": '"@/\\ '}},
        "Id", {"Description": "x"}),
    "Attached": ("AWS::SecretsManager::SecretTargetAttachment",
                 {"SecretId": ref("Secret"), "TargetId": ref("Cluster"), "TargetType": "AWS::RDS::DBCluster"}, "Id", {}),
    "Rotation": ("AWS::SecretsManager::RotationSchedule",
                 {"SecretId": ref("Secret"), "RotationRules": {"AutomaticallyAfterDays": 30}}, "Id", {
                     "RotationRules": {"AutomaticallyAfterDays": 60}}),
    "Topic": ("AWS::SNS::Topic", {}, "TopicArn TopicName", {"DisplayName": "x"}),
    "Subscription": ("AWS::SNS::Subscription", {"TopicArn": ref("Topic"), "Protocol": "email", "Endpoint": "a@b.example"},
                     "", {}),
    "TopicPolicy": ("AWS::SNS::TopicPolicy", {"Topics": [ref("Topic")], "PolicyDocument": {
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sns:Publish",
                                                "Resource": ref("Topic")}]}}, "", {}),
    "Alarm": ("AWS::CloudWatch::Alarm", {"Namespace": "AWS/RDS", "MetricName": "CPUUtilization", "Statistic": "Average",
                                         "Period": 60, "EvaluationPeriods": 1, "Threshold": 80,
                                         "ComparisonOperator": "GreaterThanThreshold"}, "Arn", {"Threshold": 90}),
    "Dashboard": ("AWS::CloudWatch::Dashboard", {"DashboardBody": json.dumps({"widgets": []})}, "",
                  {"DashboardBody": json.dumps({"widgets": [], "start": "-PT1H"})}),
    "Schedules": ("AWS::Scheduler::ScheduleGroup", {"Name": "schedules"}, "Arn", {"Tags": TAG}),
    "Rule": ("AWS::Events::Rule", {"ScheduleExpression": "rate(1 day)"}, "Arn", {"Description": "x"}),
    "Function": ("AWS::Lambda::Function", {"Runtime": "python3.13", "Handler": "index.handler", "Role": get("Role", "Arn"),
                                           "Code": {"ZipFile": CODE}}, "Arn", {"Timeout": 10}),
    "Permission": ("AWS::Lambda::Permission", {"FunctionName": ref("Function"), "Action": "lambda:InvokeFunction",
                                               "Principal": "apigateway.amazonaws.com"}, "Id", {}),
    "HttpApi": ("AWS::ApiGatewayV2::Api", {"Name": "api", "ProtocolType": "HTTP"}, "ApiEndpoint ApiId",
                {"Description": "x"}),
    "Integration": ("AWS::ApiGatewayV2::Integration",
                    {"ApiId": ref("HttpApi"), "IntegrationType": "AWS_PROXY", "IntegrationUri": get("Function", "Arn"),
                     "PayloadFormatVersion": "2.0"}, "IntegrationId", {"TimeoutInMillis": 5000}),
    "HttpRoute": ("AWS::ApiGatewayV2::Route", {"ApiId": ref("HttpApi"), "RouteKey": "GET /x",
                                               "Target": {"Fn::Sub": "integrations/${Integration}"}}, "RouteId", {}),
    "HttpStage": ("AWS::ApiGatewayV2::Stage", {"ApiId": ref("HttpApi"), "StageName": "$default", "AutoDeploy": True}, "",
                  {"Description": "x"}),
    "RestApi": ("AWS::ApiGateway::RestApi", {"Name": "rest"}, "RootResourceId RestApiId", {"Description": "x"}),
    "RestResource": ("AWS::ApiGateway::Resource", {"RestApiId": ref("RestApi"), "PathPart": "x",
                                                   "ParentId": get("RestApi", "RootResourceId")}, "ResourceId", {}),
    "Method": ("AWS::ApiGateway::Method", {
        "RestApiId": ref("RestApi"), "ResourceId": ref("RestResource"), "HttpMethod": "GET", "AuthorizationType": "NONE",
        "Integration": {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": {"Fn::Sub":
            "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${Function.Arn}/invocations"}}}, "",
        {"ApiKeyRequired": True}),
    "Deployment": ("AWS::ApiGateway::Deployment", {"RestApiId": ref("RestApi"), "Description": ref("Method")},
                   "DeploymentId", {}),
    "RestStage": ("AWS::ApiGateway::Stage", {"RestApiId": ref("RestApi"), "DeploymentId": ref("Deployment"),
                                             "StageName": "v1"}, "", {"Description": "x"}),
    "Account": ("AWS::ApiGateway::Account", {"CloudWatchRoleArn": get("Role", "Arn")}, "Id", {}),
    "ApiKey": ("AWS::ApiGateway::ApiKey", {"Enabled": True}, "APIKeyId", {"Description": "x"}),
    "Plan": ("AWS::ApiGateway::UsagePlan", {"ApiStages": [{"ApiId": ref("RestApi"), "Stage": ref("RestStage")}]}, "Id",
             {"Description": "x"}),
    "PlanKey": ("AWS::ApiGateway::UsagePlanKey", {"KeyId": ref("ApiKey"), "KeyType": "API_KEY", "UsagePlanId": ref("Plan")},
                "Id", {}),
    "Custom": ("AWS::CloudFormation::CustomResource", {"ServiceToken": get("Responder", "Arn"), "Value": "1"}, "",
               {"Value": "2"}),
    "SubnetGroup": ("AWS::RDS::DBSubnetGroup", {"DBSubnetGroupDescription": "d",
                                                "SubnetIds": [ref("SubnetA"), ref("SubnetB")]}, "",
                    {"DBSubnetGroupDescription": "e"}),
    "ClusterParameters": ("AWS::RDS::DBClusterParameterGroup",
                          {"Family": "aurora-postgresql16", "Description": "d", "Parameters": {"rds.force_ssl": "1"}}, "",
                          {"Parameters": {"rds.force_ssl": "0"}}),
    "Parameters": ("AWS::RDS::DBParameterGroup", {"Family": "postgres17", "Description": "d"}, "DBParameterGroupName",
                   {"Parameters": {"log_statement": "ddl"}}),
    "Cluster": ("AWS::RDS::DBCluster", {"Engine": "aurora-postgresql", "EngineVersion": "16.8", "MasterUsername": "boss",
                                        "ManageMasterUserPassword": True},
                "DBClusterArn DBClusterResourceId Endpoint.Address Endpoint.Port ReadEndpoint.Address "
                "MasterUserSecret.SecretArn", {"BackupRetentionPeriod": 5}),
    "Instance": ("AWS::RDS::DBInstance", {"Engine": "aurora-postgresql", "DBClusterIdentifier": ref("Cluster"),
                                          "DBInstanceClass": "db.serverless"},
                 "DBInstanceArn DbiResourceId Endpoint.Address Endpoint.Port", {"PromotionTier": 2}),
    "Single": ("AWS::RDS::DBInstance", {
        "Engine": "postgres", "EngineVersion": "17.5", "DBInstanceClass": "db.t4g.micro", "AllocatedStorage": "20",
        "MasterUsername": "boss", "ManageMasterUserPassword": True},
        "DBInstanceArn DbiResourceId Endpoint.Address Endpoint.Port MasterUserSecret.SecretArn",
        {"BackupRetentionPeriod": 3}),
    "Proxy": ("AWS::RDS::DBProxy", {
        "DBProxyName": "door", "EngineFamily": "POSTGRESQL", "RoleArn": get("Role", "Arn"),
        "VpcSubnetIds": [ref("SubnetA"), ref("SubnetB")],
        "Auth": [{"AuthScheme": "SECRETS", "SecretArn": ref("Secret")}]}, "DBProxyArn Endpoint VpcId",
        {"IdleClientTimeout": 60}),
    "ProxyTarget": ("AWS::RDS::DBProxyTargetGroup", {
        "DBProxyName": ref("Proxy"), "TargetGroupName": "default", "DBClusterIdentifiers": [ref("Cluster")]},
        "TargetGroupArn", {"ConnectionPoolConfigurationInfo": {"MaxConnectionsPercent": 50}}),
    "Dsql": ("AWS::DSQL::Cluster", {"DeletionProtectionEnabled": True},
             "Identifier ResourceArn Endpoint Status CreationTime VpcEndpointServiceName",
             {"DeletionProtectionEnabled": False}),
    "Vault": ("AWS::Backup::BackupVault", {"BackupVaultName": "v"}, "BackupVaultArn BackupVaultName", {}),
    "BackupPlan": ("AWS::Backup::BackupPlan", {"BackupPlan": {"BackupPlanName": "p", "BackupPlanRule": [
        {"RuleName": "r", "TargetBackupVault": ref("Vault")}]}}, "BackupPlanArn BackupPlanId VersionId", {}),
    "Selection": ("AWS::Backup::BackupSelection", {"BackupPlanId": ref("BackupPlan"), "BackupSelection": {
        "SelectionName": "s", "IamRoleArn": get("Role", "Arn"), "Resources": ["*"]}}, "Id", {}),
    "Handle": ("AWS::CloudFormation::WaitConditionHandle", {}, "", {}),
}  # fmt: skip

RESPONDER = """
import json, urllib.request
def handler(event, context):
    answer = {"Status": "SUCCESS", "PhysicalResourceId": "custom", "Data": {}}
    answer |= {key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")}
    request = urllib.request.Request(event["ResponseURL"], json.dumps(answer).encode(), method="PUT")
    urllib.request.urlopen(request)
"""
EXTRA = {
    "Responder": {
        "Type": "AWS::Lambda::Function",
        "Properties": {"Runtime": "python3.13", "Handler": "index.handler", "Role": get("Role", "Arn"),
                       "Code": {"ZipFile": RESPONDER}},
    },
}  # fmt: skip


def resource(name: str, *, changed: bool = False) -> dict[str, Any]:
    if name in EXTRA:
        return EXTRA[name]
    kind, properties, _, change = ROWS[name]
    return {"Type": kind, "DeletionPolicy": "Delete", "Properties": properties | (change if changed else {})}


def stack(name: str, *, changed: bool = False) -> dict[str, Any]:
    """The stack of one resource with all that it refers to; every attribute is an output."""
    found: dict[str, Any] = {}
    open_names = [name]
    while open_names:
        each = open_names.pop()
        if each not in found:
            found[each] = resource(each, changed=changed and each == name)
            open_names += mentioned(found[each]["Properties"])
    attributes = ROWS[name][2].split()
    outputs = {f"A{index}": {"Value": {"Fn::GetAtt": f"{name}.{text}"}} for index, text in enumerate(attributes)}
    lists = {"CidrBlockAssociations"}
    for index, text in enumerate(attributes):
        if text in lists:
            outputs[f"A{index}"] = {"Value": {"Fn::Join": [",", {"Fn::GetAtt": f"{name}.{text}"}]}}  # type: ignore[dict-item]
    return {"Resources": found, "Outputs": outputs | {"Ref": {"Value": ref(name)}}}
