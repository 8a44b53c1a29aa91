"""The options of a server: what the emulator sets, and the parameters of RDS's parameter groups that it knows too.

Options begin with `loose-` where only one of MySQL and MariaDB has them: the other ignores them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

# Little memory and small files: each database of a laptop is a server of its own, made in a second or two.
OWN = {
    "skip-networking": "ON",
    "skip-name-resolve": "ON",
    "max-connections": "200",
    "max-allowed-packet": "64M",
    "innodb-buffer-pool-size": "16M",
    "loose-innodb-log-file-size": "4M",
    "loose-innodb-redo-log-capacity": "8M",
    "innodb-flush-log-at-trx-commit": "0",  # the machine's own crash is not what this database has to survive
    "loose-debug-no-sync": "ON",
    "performance-schema": "OFF",
    "loose-mysqlx": "OFF",
    "skip-log-bin": "ON",
    "character-set-server": "utf8mb4",
    "default-time-zone": "+00:00",
    "log-output": "FILE",
    # MySQL's own default; MariaDB's lacks ONLY_FULL_GROUP_BY (MySQL 8.0 manual, "Server SQL Modes").
    "sql-mode": "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,"
    "NO_ENGINE_SUBSTITUTION",
    "loose-default-authentication-plugin": "mysql_native_password",  # as Aurora MySQL 3 has it
    "loose-mysql-native-password": "ON",  # off in MySQL 8.4
}
PARAMETERS = frozenset({
    "auto_increment_increment", "auto_increment_offset", "character_set_server", "collation_server",
    "event_scheduler", "explicit_defaults_for_timestamp", "general_log", "group_concat_max_len", "init_connect",
    "innodb_lock_wait_timeout", "innodb_rollback_on_timeout", "innodb_strict_mode", "interactive_timeout",
    "local_infile", "log_queries_not_using_indexes", "long_query_time", "lower_case_table_names",
    "max_allowed_packet", "max_connect_errors", "max_connections", "max_execution_time", "net_read_timeout",
    "net_write_timeout", "slow_query_log", "sql_mode", "tmp_table_size", "transaction_isolation", "wait_timeout",
})  # fmt: skip
"""Parameters of a cluster's group that reach the server; require_secure_transport is the front's, the others are kept
in the record alone."""
LOGS = {"general": "general.log", "slowquery": "slow.log"}
"""Log types of RDS to files beside the data; `error` is what the process writes itself."""


def of_group(parameters: Mapping[str, str]) -> dict[str, str]:
    """The options for a parameter group; values with formulas, such as {DBInstanceClassMemory/12582880}, are left out.

    A time zone by name needs tables that a new server has not, so only offsets and UTC are taken.
    """
    found = {name: value for name, value in parameters.items() if name in PARAMETERS and "{" not in value}
    zone = parameters.get("time_zone", "")
    if zone.upper() == "UTC" or zone[:1] in ("+", "-"):
        found["default-time-zone"] = "+00:00" if zone.upper() == "UTC" else zone
    return {name if "-" in name else f"loose-{name.replace('_', '-')}": value for name, value in found.items()}


def arguments(folder: Path, data: Path, socket: Path, chosen: Mapping[str, str], *, is_mariadb: bool) -> Iterator[str]:
    """The arguments of the server program after its name."""
    yield "--no-defaults"
    places = {"datadir": data, "socket": socket, "pid-file": folder / "pid", "tmpdir": folder}
    logs = {"general-log-file": folder / LOGS["general"], "slow-query-log-file": folder / LOGS["slowquery"]}
    # MySQL 8's default, which MariaDB does not have.
    collation = "utf8mb4_general_ci" if is_mariadb else "utf8mb4_0900_ai_ci"
    tls = dict.fromkeys(("ssl-cert", "ssl-key"), folder / "tls.pem")
    fixed = {**places, **logs, **tls, **OWN}
    if "loose-character-set-server" not in chosen:
        fixed["collation-server"] = collation
    for name, value in {**fixed, **chosen}.items():
        yield f"--{name}={value}"
