"""The folder of each tool: the same stack, from the same rendered template, in the files that the tool reads."""

from __future__ import annotations

import json
from pathlib import Path

from tests.bench.deploying import PARAMETERS, STACK

TEMPLATE = "templates/aurora-serverless-postgres.yaml"
ACCOUNT, REGION = "000000000000", "eu-west-1"
# Resources of the same kinds as a user of CDK writes them.
CONSTRUCTS = """const { App, CfnOutput, RemovalPolicy, Stack } = require("aws-cdk-lib");
const ec2 = require("aws-cdk-lib/aws-ec2");
const rds = require("aws-cdk-lib/aws-rds");
const stack = new Stack(new App(), "constructs", { env: %s });
const vpc = ec2.Vpc.fromVpcAttributes(stack, "Vpc", {
  vpcId: "vpc-1", availabilityZones: ["a", "b"], isolatedSubnetIds: ["subnet-1", "subnet-2"] });
const cluster = new rds.DatabaseCluster(stack, "Database", {
  engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.of("17.4", "17") }),
  writer: rds.ClusterInstance.serverlessV2("Writer"), serverlessV2MinCapacity: 0.5, serverlessV2MaxCapacity: 1,
  vpc, vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED }, enableDataApi: true,
  removalPolicy: RemovalPolicy.DESTROY });
new CfnOutput(stack, "Arn", { value: cluster.clusterArn });
"""
INCLUDED = """const { App, Stack } = require("aws-cdk-lib");
const { CfnInclude } = require("aws-cdk-lib/cloudformation-include");
const stack = new Stack(new App(), "%s", { env: %s });
new CfnInclude(stack, "Template", { templateFile: "%s", parameters: %s });
"""


def sceptre(folder: Path) -> Path:
    """A project of Sceptre in the folder; gives back its own folder."""
    own = folder / "sceptre"
    for part in ("config", "templates"):
        (own / part).mkdir(parents=True)
    (own / "config/config.yaml").write_text(f"project_code: bench\nregion: {REGION}\n")
    stack = {
        "template": {"path": "db.yaml", "type": "file"},
        "stack_name": STACK,
        "parameters": PARAMETERS,
    }
    (own / "config/db.yaml").write_text(json.dumps(stack))
    (own / "templates/db.yaml").write_text((folder / TEMPLATE).read_text())
    return own


def cdk(folder: Path, modules: Path) -> Path:
    """Two apps of CDK in the folder, beside a link to the installed packages; gives back their own folder."""
    own = folder / "cdk"
    own.mkdir()
    (own / "node_modules").symlink_to(modules)
    where = json.dumps({"account": ACCOUNT, "region": REGION})
    (own / "constructs.cjs").write_text(CONSTRUCTS % where)
    given = json.dumps(PARAMETERS)
    (own / "included.cjs").write_text(INCLUDED % (STACK, where, folder / TEMPLATE, given))
    return own
