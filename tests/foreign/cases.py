"""Templates in the styles of other tools and people, a realistic edit of each, and what is right about them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Case:
    """One template below templates/, and its stack in the environment `local` under `key`.

    `findings` are the errors and warnings that lint is right to report. The edit replaces `old` by `new`; `verdict` is
    the worst that review says about it, `code` its exit code. `outputs` are those of the stack. `databases` are the
    values of `--resource` with which `sql` answers, "" for the only one. `not_emulated` is the type that the emulator
    has not.
    """

    key: str
    file: str
    old: str
    new: str
    verdict: str
    code: int = 0
    findings: frozenset[str] = frozenset()
    outputs: frozenset[str] = frozenset()
    databases: tuple[str, ...] = ()
    not_emulated: str = ""
    parameters: str = ""

    @property
    def template(self) -> str:
        """The name for params files."""
        return self.file.rpartition(".")[0]

    @property
    def deploys(self) -> bool:
        """Whether the emulator has all its types, and lint no error."""
        return not self.not_emulated and not any(rule.startswith("E") for rule in self.findings)

    def read(self) -> str:
        """The template before the edit."""
        return (FOLDER / "templates" / self.file).read_text()


CASES = (
    Case("network", "team/network.yaml", "10.20.0.0/16", "10.21.0.0/16", "replace", outputs=frozenset({"SubnetIds"})),
    Case("orders", "orders-db.yaml", "DatabaseName: orders", "DatabaseName: shop", "replace", 6,
         outputs=frozenset({"Endpoint", "SecretArn"}), databases=("",)),
    Case("reporting", "team/reporting.json", '"Default": "50"', '"Default": "100"', "in-place",
         outputs=frozenset({"Address", "Port"}), databases=("",)),
    Case("cdk", "cdk/OrdersStack.template.json", '"MaxCapacity": 4', '"MaxCapacity": 8', "in-place",
         outputs=frozenset({"ClusterArn", "SecretArn"}), databases=("",)),
    Case("sam", "sam-app.yaml", "MessageRetentionPeriod: 86400", "MessageRetentionPeriod: 3600", "in-place",
         outputs=frozenset({"FunctionName", "QueueUrl"})),
    Case("platform", "platform.yaml", "Default: 4", "Default: 8", "interruption", 6,
         outputs=frozenset({"Endpoint", "Topic"}), databases=("",)),
    Case("ledger", "dsql-cluster.yaml", "-ledger", "-book", "metadata",
         findings=frozenset({"W9046"}), outputs=frozenset({"Identifier", "Arn"}), databases=("",)),
    Case("world", "global-db.yaml", 'EngineVersion: "17.7"', 'EngineVersion: "18.3"', "interruption", 6,
         not_emulated="AWS::RDS::GlobalCluster"),
    Case("legacy", "serverless-v1.yaml", "MaxCapacity: 8", "MaxCapacity: 16", "in-place",
         findings=frozenset({"E9001", "E9002", "W9027", "W9028", "W9036", "W3690"})),
    Case("shop", "option-group.yaml", "DBInstanceClass: db.t4g.medium", "DBInstanceClass: db.t4g.large", "interruption",
         not_emulated="AWS::RDS::OptionGroup"),
    Case("proxy", "data/eu/proxy.yaml", "RequireTLS: true", "RequireTLS: false", "interruption",
         outputs=frozenset({"ProxyEndpoint", "SecretArn"}), databases=("",),
         parameters="SubnetIds: {output: network.SubnetIds}"),
    Case("loop", "foreach.yaml", '"Billing,Shipping"', '"Billing"', "replace", 6,
         outputs=frozenset({"Names"}), databases=("BillingCluster", "ShippingCluster")),
    Case("api", "lambda-api.yaml", 'PayloadFormatVersion: "2.0"', 'PayloadFormatVersion: "1.0"', "in-place",
         outputs=frozenset({"Url"})),
    Case("shared", "ssm-types.yaml", "not-so-secret-1", "not-so-secret-2", "interruption",
         outputs=frozenset({"Version", "First"})),
    Case("catalogue", "data/eu/mysql.yml", "Default: true", "Default: false", "in-place",
         outputs=frozenset({"Endpoint"})),
    Case("graph", "graph.yaml", "ProvisionedMemory: 16", "ProvisionedMemory: 32", "replace", 6,
         not_emulated="AWS::NeptuneGraph::Graph"),
)  # fmt: skip
