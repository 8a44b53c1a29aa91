"""Names of the clients of a fleet, their stacks and claims: those of the API and of `aurora-cfn clients`."""

from __future__ import annotations

# The tags of aurora_cfn/model/fleet_client.py and the rule of aurora_cfn/environment/names.py, which no function can
# import; a test compares them.
FLEET, CLIENT, VERSION = "aurora-cfn:fleet", "aurora-cfn:client", "aurora-cfn:version"
OWN_PARAMETERS = "aurora-cfn:parameters"
# With the fleet's name it is the identifier of a cluster, of at most 63 characters.
CLIENT_NAME, CLIENT_LONGEST = "[a-z](-?[a-z0-9])*", 30
CLIENT_RULE = "lower-case letters, digits and single hyphens, starting with a letter, at most 30"


def stack_name(fleet: str, client: str) -> str:
    """`clientdb-acme`: the name of the stack, and of the cluster where the template takes one."""
    return f"{fleet}-{client}"


def claims_path(fleet: str) -> str:
    """The path of SSM under which the clients of the fleet are claimed."""
    return f"/aurora-cfn/fleet/{fleet}"


def claim_path(fleet: str, client: str) -> str:
    """The parameter of SSM that holds the claim of the client."""
    return f"{claims_path(fleet)}/{client}"


def claim_of(region: str, stack_arn: str = "") -> str:
    """The value of a claim: the region, and of a client that is being deleted its stack, too.

    A stack that is gone is only found by its ARN.
    """
    return f"{region} {stack_arn}".strip()


def claimed_region(claim: str) -> str:
    """The region in the value of a claim."""
    return claim.partition(" ")[0]


def leaving_stack(claim: str) -> str:
    """The ARN of the stack that is being deleted; empty where no deletion was asked for through the API."""
    return claim.partition(" ")[2]


def files_path(fleet: str) -> str:
    """The beginning of the keys under which the bucket has the templates of the clients."""
    return f"aurora-cfn/fleet/{fleet}/"
