from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import TARGETS, aurora_clusters
from aurora_cfn.lint.rule import AuroraRule, Problem, at, on
from aurora_cfn.lint.world import World


class ProxyTargetOrder(AuroraRule):
    """The proxy's target group must wait for an instance, and is called default.

    A target group without a running instance behind it fails or stays unhealthy; RDS has one target group a proxy,
    named default.
    """

    id = "E9043"
    fix = "add DependsOn with the writer instance, and set TargetGroupName to default"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-setup.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for target in world.resources(TARGETS):
            name = target.get("TargetGroupName")
            if name.text is not None and name.text != "default":
                yield at(name, f"TargetGroupName {name.text!r} is not default", "set it to default")
        for cluster in aurora_clusters(world):
            instances = {row.name for row in cluster.instances()}
            for target in cluster.proxy_targets():
                if instances and not instances & target.depends_on():
                    message = f"{target.name} does not wait for an instance of {cluster.resource.name}"
                    yield on(target, message, "add DependsOn with the writer instance")
