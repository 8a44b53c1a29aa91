"""Parameters of RDS's parameter groups that reach a local PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping

PARAMETERS = frozenset({
    "autovacuum", "autovacuum_analyze_scale_factor", "autovacuum_vacuum_scale_factor", "check_function_bodies",
    "datestyle", "deadlock_timeout", "default_statistics_target", "default_transaction_isolation",
    "enable_hashjoin", "enable_mergejoin", "enable_nestloop", "enable_seqscan", "extra_float_digits",
    "idle_in_transaction_session_timeout", "idle_session_timeout", "intervalstyle", "lock_timeout",
    "log_autovacuum_min_duration", "log_connections", "log_disconnections", "log_duration", "log_error_verbosity",
    "log_lock_waits", "log_min_duration_statement", "log_min_error_statement", "log_statement", "log_temp_files",
    "maintenance_work_mem", "max_locks_per_transaction", "plan_cache_mode", "random_page_cost", "search_path",
    "statement_timeout", "timezone", "track_activity_query_size", "track_functions", "track_io_timing",
    "work_mem",
})  # fmt: skip
"""Those that change what a session sees, waits for or writes to the log; sizes of shared memory, replication and what
only Aurora has are kept in the record alone. Each exists since PostgreSQL 14: a server refuses to start with others."""
FILE = "parameters.json"


def of_group(parameters: Mapping[str, str]) -> dict[str, str]:
    """The settings for a parameter group; values with formulas, such as {DBInstanceClassMemory/32768}, are left out.

    Values without a unit have that of PostgreSQL, in RDS too.
    """
    return {name: value for name, value in parameters.items() if name.lower() in PARAMETERS and "{" not in value}
