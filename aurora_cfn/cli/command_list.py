"""The commands of `aurora-cfn`, with what `--help` says of each; listing them imports none of them."""

from __future__ import annotations

SECTIONS: dict[str, dict[str, tuple[str, str]]] = {
    "Write templates": {
        "init": ("init", "Start a repository: params, templates, workflow, hooks."),
        "render": ("render", "Write the templates from the blueprints, or check them."),
        "lint": ("lint", "Check templates with cfn-lint and the rules about Aurora."),
    },
    "See a change before it happens": {
        "review": ("review", "Show what a branch changes in the stacks, offline."),
        "diff": ("diff", "Show what a deployment would change in AWS."),
        "cost": ("cost", "Estimate the monthly cost of an environment."),
        "doctor": ("doctor", "Ask AWS whether an environment can be deployed."),
    },
    "Deploy and operate": {
        "deploy": ("deploy", "Create or update the stacks of an environment."),
        "outputs": ("outputs", "Print the outputs of an environment's stacks."),
        "events": ("events", "Show the events of the last operation, or follow it."),
        "status": ("status", "Show whether what is deployed is what is committed."),
        "drift": ("drift", "Show whether the resources are as the templates say."),
        "recover": ("recover", "Bring stacks out of a failed state, step by step."),
        "destroy": ("destroy", "Delete the stacks of an environment."),
        "migrate-v1": ("migrate_v1", "Copy the database of an old stack into a template."),
        "adopt": ("adopt", "Write the files of a stack that another tool made."),
        "refactor": ("refactor", "Rename or move resources without touching them."),
        "import": ("import_", "Take existing resources into a stack, unchanged."),
    },
    "Use a database, on AWS or on this machine": {
        "sql": ("sql", "Run SQL on a database, through the Data API."),
        "connect": ("connect", "Start psql (or mysql) on a database."),
        "logs": ("logs", "Show what a database wrote to its log, or follow it."),
        "inspect": ("inspect", "Show locks, slow statements, unused indexes and more."),
        "metrics": ("metrics", "Plot what a database uses, and what it has cost."),
        "why-awake": ("why_awake", "Say what keeps a database from pausing."),
        "restore": ("restore", "Bring back an earlier state of a database, and swap it in."),
        "upgrade": ("upgrade", "Plan and make the upgrade to a newer engine version."),
        "access": ("access", "Grant, list and revoke roles; rotate the password."),
        "snapshot": ("snapshot", "Take, list, share, copy, export and delete snapshots."),
        "branch": ("branch", "Clone a database, mask, compare and delete the clone."),
        "clients": ("clients", "Create, list, upgrade and delete a database per client."),
        "fleet": ("account_fleet", "Deploy a database to each client's AWS account."),
        "run": ("run", "Run a migration tool with the login in its environment."),
        "tunnel": ("tunnel", "Keep a tunnel to a database open."),
        "local": ("local", "Start, stop, reset and inspect the emulator."),
    },
    "What goes with it": {
        "dev": ("dev", "Run functions from their source, reloaded on save."),
        "package": ("package", "Build and upload the code of the functions."),
        "vpn": ("vpn", "Make certificates and profiles for the Client VPN."),
        "permissions": ("permissions", "Print the IAM policy that a command needs."),
        "schema": ("schema", "Print the JSON Schema of params files, for editors."),
        "facts": ("facts", "Show or refresh the dated data behind the rules."),
        "docs": ("docs", "Print a page of the documentation, or list the pages."),
        "completion": ("completion", "Print the completion script of a shell."),
    },
}
"""Headings of `--help` with their commands: name, module and summary."""

COMMANDS = {name: row for rows in SECTIONS.values() for name, row in rows.items()}
"""Module and summary of each command, in the order of `--help`."""
