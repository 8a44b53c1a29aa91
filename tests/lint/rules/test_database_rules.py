"""Rules about secrets, names, protection, logs, versions and snapshots."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lint.toys import BOX, DROP, found

MYSQL = {"Cluster.Engine": "aurora-mysql", "Cluster.EngineVersion": "8.0.mysql_aurora.3.10.0"}
STAGE = {"/Parameters/Stage": {"Type": "String", "Default": "prod"}}
DEV = {"/Parameters/Stage": {"Type": "String", "Default": "dev"}}
WORD = {"/Parameters/Word": {"Type": "String"}, "Cluster.MasterUserPassword": {"Ref": "Word"}}
NAME = {"/Parameters/Name": {"Type": "String", "Default": "orders"}}
DATA_API = {"Cluster.EnableHttpEndpoint": True}
PLAIN_INSTANCE = {
    "Type": "AWS::RDS::DBInstance",
    "Properties": {"Engine": "postgres", "DBName": {"Ref": "Name"}, "DBInstanceClass": "db.t4g.micro"},
}
FROM_SNAPSHOT = {
    "/Parameters/Snapshot": {"Type": "String", "Default": ""},
    "/Conditions/Restores": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Snapshot"}, ""]}]},
    "Cluster.SnapshotIdentifier": {"Fn::If": ["Restores", {"Ref": "Snapshot"}, {"Ref": "AWS::NoValue"}]},
}
OPEN = {"CidrIp": "0.0.0.0/0", "IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432}
ROUTES = {
    "Gateway": {"Type": "AWS::EC2::InternetGateway"},
    "Route": {"Type": "AWS::EC2::Route",
              "Properties": {"RouteTableId": {"Ref": "Table"}, "GatewayId": {"Ref": "Gateway"}}},
    "InTable": {"Type": "AWS::EC2::SubnetRouteTableAssociation",
                "Properties": {"RouteTableId": {"Ref": "Table"}, "SubnetId": {"Ref": "A"}}},
    "Table": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}}},
}  # fmt: skip
INSTANCE_GROUP = {"Type": "AWS::RDS::DBParameterGroup", "Properties": {"Family": "aurora-postgresql17"}}
NO_RULE = {"Group.SecurityGroupIngress": DROP}
GLOBAL = {"Type": "AWS::RDS::GlobalCluster", "Properties": {"Engine": "aurora-postgresql", "EngineVersion": "17.7"}}


def instance_group(family: str, **settings: Any) -> dict[str, Any]:
    return {"Mine": INSTANCE_GROUP, "Mine.Family": family, "Mine.Parameters": settings}


def ingress(**target: Any) -> dict[str, Any]:
    rule = {"IpProtocol": "tcp", "SourceSecurityGroupId": {"Fn::GetAtt": ["Group", "GroupId"]}} | target
    return {"In": {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": rule}}


DECLINED = {"Cluster.EngineLifecycleSupport": "open-source-rds-extended-support-disabled"}


def days(**bounds: int) -> dict[str, Any]:
    return {"/Parameters/Days": {"Type": "Number"} | bounds, "Cluster.BackupRetentionPeriod": {"Ref": "Days"}}


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("E9015", DATA_API | MYSQL | {"Cluster.EngineVersion": "8.0.mysql_aurora.3.04.2"}, "3.04.2 has no Data API"),
    ("E9015", DATA_API | {"Writer.DBInstanceClass": "db.t4g.medium"}, "does not work on T classes"),
    ("W9016", DATA_API | {"Settings.Parameters": {"password_encryption": "md5"}}, "cannot log in with md5"),
    ("E9017", {"Cluster.MasterUserPassword": "{{resolve:secretsmanager:x}}"}, "are both given"),
    ("E9017", WORD, "are both given"),
    ("E9017", {"Cluster.MasterUserPassword": {"Fn::ImportValue": "word"}}, "are both given"),
    ("E9017", {"Cluster.ManageMasterUserPassword": DROP}, "has no master password"),
    ("E9017", {"Cluster.ManageMasterUserPassword": False}, "has no master password"),
    ("W9018", WORD, "the parameter Word has no NoEcho"),
    ("W9018", {"Cluster.MasterUserPassword": {"Fn::Sub": "{{resolve:ssm:${AWS::StackName}:1}}"}}, "unencrypted"),
    ("E9019", {"Cluster.ManageMasterUserPassword": DROP, "Cluster.MasterUserPassword": "x",
               "/Outputs/Secret": {"Value": {"Fn::GetAtt": ["Cluster", "MasterUserSecret.SecretArn"]}}}, "no managed"),
    ("E9020", {"Cluster.MasterUsername": "rdsadmin"}, "is reserved"),
    ("E9020", {"Cluster.MasterUsername": "pg_signal"}, "is reserved"),
    ("E9020", {"Cluster.MasterUsername": "1st"}, "cannot be a master user name"),
    ("E9020", {"Cluster.MasterUsername": "x" * 17}, "cannot be a master user name"),
    ("E9020", {"Box": BOX, "Box.MasterUsername": "x" * 64}, "cannot be a master user name"),
    ("E9020", {"Box": BOX, "Box.Engine": "mysql", "Box.MasterUsername": "x" * 33}, "cannot be a master user name"),
    ("E9020", {"Box": BOX, "Box.Engine": "mariadb", "Box.MasterUsername": "x" * 17}, "cannot be a master user name"),
    ("W9020", {"Cluster.MasterUsername": "postgres"}, "default name"),
    ("W9020", {"Cluster.Engine": "aurora-mysql", "Cluster.MasterUsername": "admin"}, "'admin' is the engine's default"),
    ("E9021", {"Cluster.DatabaseName": "my-orders"}, "cannot be the name of a database"),
    ("E9021", {"Cluster.DatabaseName": "Select"}, "is reserved"),
    ("E9017", {"Box": BOX, "Box.ManageMasterUserPassword": DROP}, "the instance Box has no master password"),
    ("E9020", {"Box": BOX, "Box.MasterUsername": "rdsadmin"}, "'rdsadmin' is reserved by postgres"),
    ("E9020", {"Box": BOX, "Box.MasterUsername": "select", "Box.Engine": "mysql"}, "'select' is reserved by mysql"),
    ("E9021", {"Box": BOX, "Box.DBName": "o" * 64}, "cannot be the name of a database"),
    ("E9025", {"/Resources/Writer/DeletionPolicy": "Snapshot"}, "is refused for Writer"),
    ("W9023", STAGE | {"Box": BOX, "Box.DeletionProtection": DROP}, "the production database Box"),
    ("W9026", {"Box": BOX, "Box.BackupRetentionPeriod": 0}, "backups of Box are not kept at all"),
    ("W9026", {"Box": BOX, "Box.BackupRetentionPeriod": DROP}, "backups of Box are kept for 1 day"),
    ("E9028", {"Box": BOX, "Box.EnableCloudwatchLogsExports": ["slowquery"]}, "postgres has no log 'slowquery'"),
    ("E9032", {"Box": BOX, "Box.DBParameterGroupName": {"Ref": "Mine"}, **instance_group("postgres16")},
     "postgres16 does not fit postgres 17.9, which is postgres17"),
    ("E9052", {"Cluster.StorageType": "aurora-iopt1", "Cluster.EngineVersion": "13.9"}, "13.9 has no aurora-iopt1"),
    ("W9053", {"Box": BOX, "/Resources/Box/DeletionPolicy": "Delete"}, "deletes the data of Box"),
    ("E9021", {"Cluster.DatabaseName": "x" * 64}, "cannot be the name of a database"),
    ("E9021", MYSQL | {"Cluster.DatabaseName": "mysql"}, "is reserved"),
    ("W9022", {"Cluster.StorageEncrypted": "false"}, "StorageEncrypted is false for Cluster"),
    ("W9022", {"Cluster.StorageEncrypted": "false"}, "replaces it by an empty cluster"),
    ("W9022", {"Box": BOX, "Box.StorageEncrypted": DROP}, "the storage of Box is not encrypted"),
    ("W9022", {"Box": BOX, "Box.StorageEncrypted": False}, "the storage of Box is not encrypted"),
    ("E9022", {"Cluster.StorageEncrypted": False, "Cluster.KmsKeyId": "alias/x"}, "StorageEncrypted is not true"),
    ("E9022", {"Cluster.StorageEncrypted": DROP, "Cluster.KmsKeyId": "alias/x"}, "StorageEncrypted is not true"),
    ("W9023", STAGE | {"Cluster.DeletionProtection": False}, "can be deleted in one call"),
    ("W9023", STAGE | {"Cluster.DeletionProtection": DROP}, "can be deleted in one call"),
    ("E9024", NAME | {"Cluster.DatabaseName": {"Ref": "Name"}, "/Resources/Cluster/UpdateReplacePolicy": DROP},
     "parameters decide DatabaseName, and UpdateReplacePolicy is missing"),
    ("E9024", NAME | {"Cluster.DBClusterIdentifier": {"Fn::Sub": "${Name}-db"},
                      "/Resources/Cluster/UpdateReplacePolicy": "Delete"}, "UpdateReplacePolicy is Delete"),
    ("E9024", FROM_SNAPSHOT | {"Cluster.SnapshotIdentifier": {"Fn::If": ["Restores", "kept", "other"]},
                               "/Resources/Cluster/UpdateReplacePolicy": DROP}, "SnapshotIdentifier"),
    ("E9024", NAME | {"Plain": PLAIN_INSTANCE}, "parameters decide DBName"),
    ("W9025", {"/Resources/Writer/UpdateReplacePolicy": "Snapshot"}, "does nothing for Writer"),
    ("W9026", {"Cluster.BackupRetentionPeriod": DROP}, "are kept for 1 day"),
    ("W9026", STAGE | {"Cluster.BackupRetentionPeriod": 3}, "are kept for 3 days"),
    ("I9026", days(), "35 days"),
    ("I9026", days(MaxValue=99), "accepts more than 35 days"),
    ("W9027", {"Cluster.EnableIAMDatabaseAuthentication": DROP}, "takes passwords only"),
    ("E9028", {"Cluster.EnableCloudwatchLogsExports": ["audit"]}, "aurora-postgresql has no log 'audit'"),
    ("E9028", MYSQL, "aurora-mysql has no log 'postgresql'"),
    ("W9028", {"Cluster.EnableCloudwatchLogsExports": DROP}, "does not export its postgresql log"),
    ("W9028", MYSQL | {"Cluster.EnableCloudwatchLogsExports": ["error"]}, "does not export its audit log"),
    ("I9029", {"Log": DROP}, "the log group of postgresql has no retention period"),
    ("W9030", {"Writer.PubliclyAccessible": True}, "Writer has a public address"),
    ("W9030", {"Group.SecurityGroupIngress": [OPEN]}, "lets every address reach"),
    ("W9030", {"Group.SecurityGroupIngress": [{"CidrIpv6": "::/0", "IpProtocol": "-1"}]}, "lets every address reach"),
    ("W9030", {"In": {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": OPEN | {"GroupId": {"Ref": "Group"}}}},
     "lets every address reach"),
    ("E9031", {"Subnets.SubnetIds": [{"Ref": "A"}]}, "Subnets has 1 subnet"),
    ("E9031", {"A.AvailabilityZone": "eu-west-1a", "B.AvailabilityZone": "eu-west-1a"}, "one availability zone"),
    ("E9031", {"B.AvailabilityZone": {"Fn::Select": [0, {"Fn::GetAZs": ""}]}}, "one availability zone"),
    ("W9031", ROUTES, "A has a route to the internet"),
    ("E9032", {"Settings.Family": "aurora-postgresql16"}, "does not fit aurora-postgresql 17.7"),
    ("E9032", {"Writer.DBParameterGroupName": {"Ref": "Mine"}, "Mine": {
        "Type": "AWS::RDS::DBParameterGroup", "Properties": {"Family": "aurora-mysql8.0"}}}, "aurora-mysql8.0"),
    ("E9033", instance_group("aurora-postgresql17", **{"rds.force_ssl": 1}), "rds.force_ssl belongs to the cluster"),
    ("E9033", instance_group("aurora-postgresql17", **{"rds.logical_replication": 1}), "Mine is the group of an"),
    ("E9033", instance_group("aurora-mysql8.0", binlog_format="ROW"), "binlog_format belongs to the cluster"),
    ("E9033", instance_group("aurora-mysql8.0", require_secure_transport="ON"), "require_secure_transport belongs"),
    ("W9033", {"Settings.Parameters": {"rds.force_ssl": 0}}, "rds.force_ssl is 0"),
    ("W9033", {"Settings.Parameters": {"require_secure_transport": "off"}}, "require_secure_transport is off"),
    ("E9034", {"Cluster.DatabaseInsightsMode": "advanced"}, "needs PerformanceInsightsEnabled true"),
    ("E9034", {"Cluster.DatabaseInsightsMode": "advanced", "Cluster.PerformanceInsightsEnabled": True}, "465, not 7"),
    ("E9034", {"Cluster.PerformanceInsightsRetentionPeriod": 90}, "90 is not 7"),
    ("E9034", {"Writer.MonitoringInterval": 20}, "MonitoringInterval 20"),
    ("E9035", {"Cluster.PreferredMaintenanceWindow": "foo"}, "'foo' is not a window"),
    ("E9035", {"Cluster.PreferredBackupWindow": "02:00-02:10"}, "shorter than 30 minutes"),
    ("E9035", {"Cluster.PreferredBackupWindow": "03:00-04:00", "Cluster.PreferredMaintenanceWindow":
               "sun:03:30-sun:04:30"}, "overlaps the maintenance window"),
    ("E9035", {"Cluster.PreferredBackupWindow": "23:45-00:30", "Cluster.PreferredMaintenanceWindow":
               "mon:00:00-mon:01:00"}, "overlaps the maintenance window"),
    ("W9036", {"Cluster.EngineVersion": "13.20"}, "standard support of 13.20 ended on 2026-02-28"),
    ("W9036", {"Cluster.EngineVersion": "17.4"}, "this minor version of 17.4 ends on 2026-11-30"),
    ("E9036", DECLINED | {"Cluster.EngineVersion": "13.20"}, "ended on 2026-02-28"),
    ("W9037", {"Writer.AutoMinorVersionUpgrade": DROP}, "pins the LTS version 17.7, Writer upgrades it"),
    ("W9037", {"Writer.AutoMinorVersionUpgrade": True, "Cluster.EngineVersion": "17.6"}, "pins version 17.6"),
    ("W9038", {"Writer.EngineVersion": "17.7"}, "the version of Writer is that of its cluster"),
    ("I9038", {"Variant": GLOBAL}, "17.7 is written in Cluster and again in Variant"),
    ("I9038", {"Plain": PLAIN_INSTANCE, "Plain.Engine": "aurora-postgresql", "Plain.EngineVersion": "17.7"},
     "again in Plain"),
    ("E9039", FROM_SNAPSHOT | {"/Resources/Cluster/UpdateReplacePolicy": DROP}, "by an empty cluster"),
    ("W9039", FROM_SNAPSHOT, "emptying Snapshot later replaces Cluster"),
    ("W9054", {"Cluster.SnapshotIdentifier": "kept"}, "DatabaseName is ignored"),
    ("W9049", {"/Outputs/Host/Export": {"Name": "orders-host"}}, "has the same name in every stack"),
    ("I9049", {"/Outputs/Host/Value": "x"}, "no output holds the endpoint"),
    ("E9050", {"Cluster.BacktrackWindow": 3600}, "cannot backtrack"),
    ("E9050", MYSQL | {"Cluster.BacktrackWindow": 300000}, "not between 0 and 259200"),
    ("W9050", {"Cluster.CopyTagsToSnapshot": DROP}, "have no tags"),
    ("I9050", {"Cluster.StorageType": "aurora-iopt1"}, "1.3 times the price of an ACU and 2.25 times that of storage"),
    ("I9050", {"/Parameters/Storage": {"Type": "String", "Default": "aurora-iopt1"},
               "Cluster.StorageType": {"Ref": "Storage"}}, "I/O is 25 % or more of the bill"),
    ("W9052", NO_RULE, "no ingress rule lets a client into Group, the security group of Cluster"),
    ("W9052", {"Group.SecurityGroupIngress": []}, "no ingress rule lets a client into Group"),
    ("W9052", NO_RULE | ingress(GroupId={"Fn::ImportValue": "other"}), "no ingress rule lets a client into Group"),
    ("W9052", NO_RULE | {"Plain": PLAIN_INSTANCE, "Plain.VPCSecurityGroups": [{"Ref": "Group"}],
                         "Cluster.VpcSecurityGroupIds": DROP}, "the security group of Plain"),
    ("W9053", {"/Resources/Cluster/DeletionPolicy": "Delete"}, "deletes the data of Cluster"),
]  # fmt: skip
GOOD: list[tuple[str, dict[str, Any]]] = [
    ("E9015", DATA_API),
    ("E9015", DATA_API | {"Cluster.EngineVersion": "18.3"}),
    ("W9016", {"Settings.Parameters": {"password_encryption": "md5"}}),
    ("W9016", DATA_API | {"Settings.Parameters": {"password_encryption": "scram-sha-256"}}),
    ("E9017", {}),
    ("E9017", {"Box": BOX}),
    ("E9017", {"Box": BOX, "Box.ManageMasterUserPassword": DROP, "Box.DBSnapshotIdentifier": "kept"}),
    ("E9017", {"Box": BOX, "Box.ManageMasterUserPassword": DROP, "Box.SourceDBInstanceIdentifier": "first"}),
    ("E9017", {"Cluster.ManageMasterUserPassword": DROP, "Cluster.WithExpressConfiguration": True}),
    ("E9020", {"Box": BOX, "Box.Engine": "oracle-ee", "Box.MasterUsername": "select"}),
    ("E9021", {"Box": BOX, "Box.Engine": "oracle-ee", "Box.DBName": "ORCL"}),
    ("E9024", {"/Parameters/Name": {"Type": "String", "Default": "orders", "AllowedValues": ["orders"]},
               "Cluster.DatabaseName": {"Ref": "Name"}, "/Resources/Cluster/UpdateReplacePolicy": "Delete"}),
    ("E9025", {}),
    ("E9025", {"Box": BOX}),
    ("W9026", {"Box": BOX}),
    ("E9028", {"Box": BOX, "Box.EnableCloudwatchLogsExports": ["postgresql", "upgrade"]}),
    ("I9029", {"Log": {"Type": "Custom::LogRetention", "Properties": {
        "LogGroupName": {"Fn::Join": ["", ["/aws/rds/cluster/", {"Ref": "Cluster"}, "/postgresql"]]}}}}),
    ("E9032", {"Box": BOX, "Box.DBParameterGroupName": {"Ref": "Mine"}, **instance_group("postgres17")}),
    ("E9052", {"Cluster.StorageType": "aurora-iopt1"}),
    ("E9052", {"Cluster.StorageType": "aurora-iopt1", "Cluster.EngineVersion": "15"}),
    ("E9017", {"Cluster.ManageMasterUserPassword": DROP, "Cluster.SnapshotIdentifier": "kept"}),
    ("E9017", {"Cluster.ManageMasterUserPassword": DROP, "Cluster.MasterUserPassword": {"Fn::ImportValue": "x"}}),
    ("E9017", {"Cluster.ManageMasterUserPassword": DROP, "Cluster.MasterUserAuthenticationType": "iam-db-auth"}),
    ("E9017", {"Box": BOX, "Box.ManageMasterUserPassword": DROP, "Box.SourceDBInstanceAutomatedBackupsArn": "arn:x"}),
    ("W9022", {"Box": BOX, "Box.StorageEncrypted": DROP, "Box.SourceDBInstanceAutomatedBackupsArn": "arn:x"}),
    ("E9017", {"/Conditions/Own": {"Fn::Equals": [{"Ref": "AWS::AccountId"}, "1"]}, "Cluster.MasterUserPassword":
               {"Fn::If": ["Own", {"Ref": "Word"}, {"Ref": "AWS::NoValue"}]}}),
    ("W9018", WORD | {"/Parameters/Word": {"Type": "String", "NoEcho": True}}),
    ("W9018", {"Cluster.MasterUserPassword": "{{resolve:secretsmanager:x:SecretString:password}}"}),
    ("E9017", {"/Conditions/Own": {"Fn::Equals": [{"Ref": "AWS::AccountId"}, "1"]}, "Cluster.MasterUserPassword":
               {"Fn::If": ["Own", {"Ref": "Word"}, {"Ref": "AWS::NoValue"}]}}),
    ("W9018", WORD | {"/Parameters/Word": {"Type": "String", "Default": "{{resolve:secretsmanager:x}}"}}),
    ("E9019", {"/Outputs/Secret": {"Value": {"Fn::GetAtt": ["Cluster", "MasterUserSecret.SecretArn"]}}}),
    ("E9020", {"Cluster.MasterUsername": "{{resolve:secretsmanager:x:SecretString:username}}"}),
    ("E9020", {}),
    ("E9020", {"Box": BOX, "Box.MasterUsername": "slurm_accounting_" + "x" * 46}),
    ("E9020", {"Box": BOX, "Box.Engine": "mysql", "Box.MasterUsername": "slurmaccounting_admin"}),
    ("W9020", {}),
    ("W9020", {"Cluster.MasterUsername": "admin"}),
    ("E9021", {}),
    ("E9021", {"Cluster.DatabaseName": DROP}),
    ("E9021", {"Cluster.DatabaseName": ""}),
    ("W9022", {}),
    ("W9022", {"Cluster.StorageEncrypted": DROP, "Cluster.SnapshotIdentifier": "kept"}),
    ("W9022", {"Cluster.StorageEncrypted": DROP}),
    ("W9022", {"Box": BOX}),
    ("E9022", {"Cluster.KmsKeyId": "alias/x"}),
    ("E9022", {"Cluster.StorageEncrypted": DROP, "Cluster.KmsKeyId": "alias/x", "Cluster.SnapshotIdentifier": "kept"}),
    ("W9023", {"Cluster.DeletionProtection": False}),
    ("W9023", DEV | {"Cluster.DeletionProtection": False}),
    ("E9024", NAME | {"Cluster.DatabaseName": {"Ref": "Name"}}),
    ("E9024", {"/Resources/Cluster/UpdateReplacePolicy": DROP}),
    ("E9024", NAME | {"Writer.DBInstanceIdentifier": {"Ref": "Name"}}),
    ("W9025", {}),
    ("W9026", {}),
    ("W9026", DEV | {"Cluster.BackupRetentionPeriod": 1}),
    ("W9026", days()),
    ("I9026", days(MaxValue=35)),
    ("W9027", {}),
    ("W9027", {"Cluster.EnableIAMDatabaseAuthentication": DROP, "Cluster.WithExpressConfiguration": True}),
    ("E9028", {"Cluster.EnableCloudwatchLogsExports": ["postgresql", "instance", "iam-db-auth-error"]}),
    ("E9028", {"Cluster.EnableCloudwatchLogsExports": ["{{resolve:ssm:/database/log}}"]}),
    ("W9028", {"Cluster.EnableCloudwatchLogsExports": ["{{resolve:ssm:/database/log}}"]}),
    ("I9029", {"Cluster.EnableCloudwatchLogsExports": ["{{resolve:ssm:/database/log}}"]}),
    ("E9035", {"Cluster.PreferredBackupWindow": "{{resolve:ssm:/database/window}}"}),
    ("W9028", {"Cluster.EnableCloudwatchLogsExports": {"Fn::ImportValue": "logs"}}),
    ("I9029", {}),
    ("W9030", {"Group.SecurityGroupIngress": [OPEN | {"CidrIp": "10.0.0.0/8"}]}),
    ("W9030", {"Group.SecurityGroupIngress": [OPEN | {"FromPort": 443, "ToPort": 443}]}),
    ("E9031", {}),
    ("E9031", {"/Parameters/Nets": {"Type": "List<AWS::EC2::Subnet::Id>"}, "Subnets.SubnetIds": {"Ref": "Nets"}}),
    ("E9031", {"Subnets.SubnetIds": {"Fn::Split": [",", {"Fn::ImportValue": "nets"}]}}),
    ("W9031", ROUTES | {"InTable": DROP}),
    ("E9032", {}),
    ("E9032", {"Cluster.EngineVersion": {"Fn::ImportValue": "v"}}),
    ("E9032", {"/Parameters/V": {"Type": "String", "Default": "17.7", "AllowedValues": ["16.8", "17.7"]},
               "Cluster.EngineVersion": {"Ref": "V"},
               "Settings.Family": {"Fn::Sub": ["aurora-postgresql${M}", {"M": {
                   "Fn::Select": [0, {"Fn::Split": [".", {"Ref": "V"}]}]}}]}}),
    ("E9033", instance_group("aurora-postgresql17", work_mem="64MB", random_page_cost="1.1")),
    ("E9033", instance_group("aurora-mysql8.0", max_connections=100, long_query_time=1)),
    ("E9033", instance_group("postgres17", **{"rds.force_ssl": 1, "rds.logical_replication": 1})),
    ("E9033", instance_group("mysql8.4", binlog_format="ROW", require_secure_transport="ON")),
    ("E9033", {"Settings.Parameters": {"rds.force_ssl": 1}}),
    ("E9033", instance_group("aurora-postgresql17", **{"rds.force_ssl": {"Ref": "AWS::NoValue"}})),
    ("W9033", {}),
    ("E9034", {"Cluster.DatabaseInsightsMode": "advanced", "Cluster.PerformanceInsightsEnabled": True,
               "Cluster.PerformanceInsightsRetentionPeriod": 465}),
    ("E9034", {"Writer.DatabaseInsightsMode": "advanced", "Writer.EnablePerformanceInsights": True,
               "Writer.PerformanceInsightsRetentionPeriod": 731}),
    ("E9034", {"Cluster.PerformanceInsightsRetentionPeriod": 93, "Writer.MonitoringInterval": 60}),
    ("E9035", {"Cluster.PreferredBackupWindow": "02:00-03:00", "Cluster.PreferredMaintenanceWindow":
               "Sun:03:30-Sun:04:30"}),
    ("W9036", {}),
    ("W9036", DECLINED | {"Cluster.EngineVersion": "13.20"}),
    ("E9036", DECLINED),
    ("E9036", {"Cluster.EngineVersion": "13.20"}),
    ("W9037", {}),
    ("W9037", {"Cluster.EngineVersion": "17", "Writer.AutoMinorVersionUpgrade": True}),
    ("W9038", {}),
    ("I9038", {}),
    ("I9038", {"/Parameters/V": {"Type": "String", "Default": "17.7"}, "Cluster.EngineVersion": {"Ref": "V"},
               "Variant": GLOBAL}),
    ("I9038", {"Variant": GLOBAL, "Variant.EngineVersion": "16.9"}),
    ("I9038", {"Writer.EngineVersion": "17.7"}),
    ("E9039", FROM_SNAPSHOT),
    ("E9039", {"Cluster.SnapshotIdentifier": "kept"}),
    ("W9039", {"Cluster.SnapshotIdentifier": "kept"}),
    ("W9039", FROM_SNAPSHOT | {"Cluster.SnapshotIdentifier": {"Fn::If": ["Restores", "kept", "other"]}}),
    ("W9054", {"Cluster.SnapshotIdentifier": "kept", "Cluster.DatabaseName": DROP}),
    ("W9049", {"/Outputs/Host/Export": {"Name": {"Fn::Sub": "${AWS::StackName}-host"}}}),
    ("I9049", {}),
    ("I9049", {"/Outputs": DROP}),
    ("E9050", MYSQL | {"Cluster.BacktrackWindow": 3600}),
    ("W9050", {}),
    ("I9050", {}),
    ("I9050", {"Cluster.StorageType": "aurora"}),
    ("I9050", {"/Parameters/Storage": {"Type": "String", "Default": "aurora",
                                       "AllowedValues": ["aurora", "aurora-iopt1"]},
               "Cluster.StorageType": {"Ref": "Storage"}}),
    ("W9052", {}),
    ("W9052", NO_RULE | ingress(GroupId={"Fn::GetAtt": ["Group", "GroupId"]})),
    ("W9052", NO_RULE | ingress(GroupName={"Ref": "Group"})),
    ("W9052", NO_RULE | {"Cluster.VpcSecurityGroupIds": DROP}),
    ("W9052", NO_RULE | {"Cluster.VpcSecurityGroupIds": [{"Ref": "Group"}, {"Fn::ImportValue": "other"}]}),
    ("W9052", NO_RULE | {"/Outputs/Group": {"Value": {"Fn::GetAtt": ["Group", "GroupId"]}}}),
    ("W9052", NO_RULE | {"Inner": {"Type": "AWS::CloudFormation::Stack",
                                   "Properties": {"Parameters": {"Id": {"Ref": "Group"}}}}}),
    ("W9052", {"/Conditions/Open": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]},
               "Group.SecurityGroupIngress": {"Fn::If": ["Open", [OPEN], {"Ref": "AWS::NoValue"}]}}),
    ("W9053", {}),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "changes", "message"), BAD)
def test_what_is_wrong_is_found(rule: str, changes: dict[str, Any], message: str) -> None:
    assert [text for _, text in found(rule, changes) if message in text]


@pytest.mark.parametrize(("rule", "changes"), GOOD)
def test_what_is_right_is_left_alone(rule: str, changes: dict[str, Any]) -> None:
    assert found(rule, changes) == []


def test_a_region_without_the_data_api_is_found() -> None:
    assert "eu-central-2 has no Data API" in found("E9015", DATA_API, region="eu-central-2")[0][1]
    assert found("E9015", DATA_API, region="eu-central-1") == []


def test_the_environment_makes_it_production() -> None:
    stage = {"/Parameters/Environment": {"Type": "String", "Default": "dev"}, "Cluster.DeletionProtection": False}
    assert found("W9023", stage) == []
    assert found("W9023", stage, Environment="production") != []


def test_a_snapshot_parameter_is_reported_once() -> None:
    assert len(found("E9039", FROM_SNAPSHOT | {"/Resources/Cluster/UpdateReplacePolicy": DROP})) == 1
    assert len(found("W9039", FROM_SNAPSHOT)) == 1
