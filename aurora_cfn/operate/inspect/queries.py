"""The SQL of the checks, for PostgreSQL 13 and later; its answers have only types that the Data API can return.

Times are seconds and sizes bytes, as bigint; texts of statements are cut. `clock_timestamp()` and not `now()`, which
stands still in the transaction of the checks.
"""

from __future__ import annotations

SERVER = """
select current_setting('server_version_num')::int / 10000 as major,
  exists (select from pg_extension where extname = 'pg_stat_statements') as has_statements,
  coalesce((select date_trunc('second', stats_reset)::text from pg_stat_database where datname = current_database()),
    '') as counted_since
"""
# Every answer is cut and limited: the Data API ends one of more than 1 MiB (Aurora User Guide, "Data API limitations").
BLOCKING = """
select b.pid, b.usename::text as "user", b.application_name as application, b.state,
  extract(epoch from clock_timestamp() - b.xact_start)::bigint as transaction_s, count(*) as blocks,
  max(extract(epoch from clock_timestamp() - w.query_start))::bigint as longest_wait_s,
  left(regexp_replace(b.query, '\\s+', ' ', 'g'), 200) as query
from pg_stat_activity w
  cross join lateral unnest(pg_blocking_pids(w.pid)) as blocker (pid)
  join pg_stat_activity b on b.pid = blocker.pid
where w.wait_event_type = 'Lock'
group by b.pid, b.usename, b.application_name, b.state, b.xact_start, b.query
order by blocks desc, longest_wait_s desc
"""
LOCKS = """
select l.pid, a.usename::text as "user", l.locktype as type, coalesce(c.relname::text, '') as relation, l.mode,
  l.granted, extract(epoch from clock_timestamp() - a.query_start)::bigint as statement_s,
  left(regexp_replace(a.query, '\\s+', ' ', 'g'), 200) as query
from pg_locks l
  join pg_stat_activity a on a.pid = l.pid
  left join pg_class c on c.oid = l.relation
    and l.database = (select oid from pg_database where datname = current_database())
where l.pid <> pg_backend_pid() and (not l.granted or l.locktype = 'advisory' or l.locktype = 'relation'
  and l.mode not in ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock'))
order by l.granted, statement_s desc
"""
SESSIONS = """
select pid, usename::text as "user", application_name as application, coalesce(host(client_addr), '') as client, state,
  extract(epoch from clock_timestamp() - state_change)::bigint as state_s,
  extract(epoch from clock_timestamp() - xact_start)::bigint as transaction_s,
  coalesce(wait_event_type || ': ' || wait_event, '') as waits_for,
  left(regexp_replace(query, '\\s+', ' ', 'g'), 200) as query
from pg_stat_activity
where backend_type = 'client backend' and pid <> pg_backend_pid() and state <> 'idle'
order by xact_start nulls last
"""
STATEMENTS = """
select round({total})::bigint as total_ms, round((100 * {total} / nullif(sum({total}) over (), 0))::numeric, 1)::float8
  as share, calls, round({mean}::numeric, 2)::float8 as mean_ms, rows, round({read})::bigint as read_ms,
  left(regexp_replace(query, '\\s+', ' ', 'g'), 200) as query
from pg_stat_statements
where dbid = (select oid from pg_database where datname = current_database())
order by {order} desc
limit 20
"""
TABLES = """
select schemaname || '.' || relname as "table", pg_total_relation_size(relid) as total_bytes,
  pg_indexes_size(relid) as index_bytes, n_live_tup as rows, seq_scan as sequential_scans,
  coalesce(idx_scan, 0) as index_scans
from pg_stat_user_tables
order by total_bytes desc
limit 50
"""
INDEXES = """
select s.schemaname || '.' || s.relname as "table", s.indexrelname::text as index,
  pg_relation_size(s.indexrelid) as bytes, s.idx_scan as scans, i.indisvalid as valid,
  i.indisunique or exists (select from pg_constraint where conindid = s.indexrelid) as needed
from pg_stat_user_indexes s join pg_index i on i.indexrelid = s.indexrelid
order by i.indisvalid, (s.idx_scan = 0) desc, bytes desc
limit 100
"""
# Pages that the rows need: 28 bytes of header and line pointer, and the mean width of the columns that are not null;
# a page has 24 bytes of header (PostgreSQL documentation, "Database Page Layout").
BLOAT = """
with tables as (
  select n.nspname || '.' || c.relname as name, c.relpages::bigint as pages,
    ceil(c.reltuples * (28 + sum((1 - s.null_frac) * s.avg_width))
      / (current_setting('block_size')::int - 24)) as needed
  from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_stats s on s.schemaname = n.nspname and s.tablename = c.relname and not s.inherited
  where c.relkind = 'r' and c.reltuples > 0 and n.nspname not in ('pg_catalog', 'information_schema')
  group by n.nspname, c.relname, c.relpages, c.reltuples
)
select name as "table", pages * current_setting('block_size')::bigint as bytes,
  (greatest(pages - needed, 0) * current_setting('block_size')::bigint)::bigint as unused_bytes,
  round((100 * greatest(pages - needed, 0) / nullif(pages, 0))::numeric, 1)::float8 as share
from tables
order by unused_bytes desc
limit 50
"""
VACUUM = """
select s.schemaname || '.' || s.relname as "table", s.n_live_tup as rows, s.n_dead_tup as dead,
  coalesce(date_trunc('second', greatest(s.last_vacuum, s.last_autovacuum))::text, 'never') as vacuumed,
  coalesce(date_trunc('second', greatest(s.last_analyze, s.last_autoanalyze))::text, 'never') as analyzed,
  age(c.relfrozenxid)::bigint as transactions
from pg_stat_user_tables s join pg_class c on c.oid = s.relid
order by s.n_dead_tup desc, transactions desc
limit 50
"""
CACHE = """
select 'table' as kind, coalesce(sum(heap_blks_hit), 0)::bigint as hits,
  coalesce(sum(heap_blks_read), 0)::bigint as reads
from pg_statio_user_tables
union all
select 'index', coalesce(sum(idx_blks_hit), 0)::bigint, coalesce(sum(idx_blks_read), 0)::bigint
from pg_statio_user_indexes
"""
ROLES = """
select r.rolname::text as role, r.rolsuper as superuser, coalesce((select string_agg(g.rolname::text, ' ' order by
    g.rolname) from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid), '') as member_of,
  (select count(*) from pg_stat_activity a where a.usesysid = r.oid) as sessions,
  coalesce(r.rolvaliduntil::text, '') as password_until
from pg_roles r
where r.rolcanlogin
order by r.rolname
"""
SLOTS = """
select slot_name::text as slot, slot_type as type, coalesce(database::text, '') as database, active,
  coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::bigint as kept_bytes
from pg_replication_slots
order by active, kept_bytes desc
"""
SESSION = """
select pid, usename::text as "user", application_name as application, coalesce(host(client_addr), '') as client, state,
  left(regexp_replace(query, '\\s+', ' ', 'g'), 200) as query, backend_start::text as started
from pg_stat_activity where pid = {pid} and backend_type = 'client backend'
"""
# The start is compared too: between question and answer another session may have got the process id.
TERMINATE = (
    "select pg_terminate_backend(pid) from pg_stat_activity where pid = {pid} and backend_start::text = :started"
)

RESET = """
select pg_stat_statements_reset(0::oid, oid, 0::bigint) is null as missing from pg_database
where datname = current_database()
"""


def statements(major: int, *, by_calls: bool) -> str:
    """The query of pg_stat_statements with the names of its columns in that major version.

    Release notes of PostgreSQL: 13 divides total_time into planning and execution, 17 renames blk_read_time.
    """
    total, mean = ("total_exec_time", "mean_exec_time") if major >= 13 else ("total_time", "mean_time")
    read = "shared_blk_read_time" if major >= 17 else "blk_read_time"
    return STATEMENTS.format(total=total, mean=mean, read=read, order="calls" if by_calls else total)
