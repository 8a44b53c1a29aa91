"""DSQL's limits on tables, rows and transactions, kept by triggers inside the database.

A trigger on every table counts the rows and bytes of the transaction, whichever statement or cascade changes them; an
event trigger puts it on each new table. The catalogue has it as internal, so that no client lists it.
Where the guide (1 KiB, 255 columns) and a cluster (1,981 bytes, 256 columns) differ, the guide's number is used.
"""

from __future__ import annotations

ROWS = 3_000
TRANSACTION_BYTES = 10 * 1024 * 1024
ROW_BYTES = 2 * 1024 * 1024
VALUE_BYTES = 1024 * 1024
KEY_BYTES = 1024
COLUMNS, TABLES, SCHEMAS = 255, 1_000, 10
HEADER_BYTES = 4
"""What pg_column_size counts beside the bytes of a value."""

# Columns and keys are measured only in rows that are larger than a key may be: no part of a smaller row is too large.
SQL = f"""
CREATE OR REPLACE FUNCTION sys.local_check_row() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    changed bigint := coalesce(nullif(current_setting('local.rows', true), '')::bigint, 0) + 1;
    total bigint := coalesce(nullif(current_setting('local.bytes', true), '')::bigint, 0);
    width bigint;
    each record;
    size bigint;
BEGIN
    IF changed > {ROWS} THEN
        RAISE EXCEPTION 'transaction row limit exceeded' USING ERRCODE = '54000';
    END IF;
    PERFORM set_config('local.rows', changed::text, true);
    width := CASE TG_OP WHEN 'DELETE' THEN 0 ELSE pg_column_size(NEW) END;
    IF width > {KEY_BYTES} THEN
        FOR each IN
            SELECT a.attname, format_type(a.atttypid, NULL) AS type FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = TG_RELID AND a.attnum > 0 AND NOT a.attisdropped AND a.attlen < 0
        LOOP
            EXECUTE format('SELECT pg_column_size(($1).%I)', each.attname) INTO size USING NEW;
            IF size - {HEADER_BYTES} > {VALUE_BYTES} THEN
                RAISE EXCEPTION 'datatype limit greater than {VALUE_BYTES} bytes not supported for %', each.type
                    USING ERRCODE = '54000', DETAIL = 'maximum column size exceeded';
            END IF;
        END LOOP;
        FOR each IN
            SELECT string_agg(format('coalesce(pg_column_size(($1).%I), 0)', a.attname), ' + ') AS sum
            FROM pg_catalog.pg_index i
            JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[])
            WHERE i.indrelid = TG_RELID GROUP BY i.indexrelid
        LOOP
            EXECUTE 'SELECT ' || each.sum INTO size USING NEW;
            IF size > {KEY_BYTES} THEN
                RAISE EXCEPTION 'key size too large' USING ERRCODE = '54000';
            END IF;
        END LOOP;
    END IF;
    IF width > {ROW_BYTES} THEN
        RAISE EXCEPTION 'maximum row size exceeded' USING ERRCODE = '54000';
    END IF;
    total := total + width;
    IF total > {TRANSACTION_BYTES} THEN
        RAISE EXCEPTION 'transaction size limit 10mb exceeded' USING ERRCODE = '54000',
            DETAIL = format('Current transaction size %smb > 10mb', ceil(total / 1048576.0));
    END IF;
    PERFORM set_config('local.bytes', total::text, true);
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $body$;

CREATE OR REPLACE FUNCTION sys.local_check_ddl() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $body$
DECLARE
    each record;
BEGIN
    FOR each IN
        SELECT objid, object_type, object_identity FROM pg_event_trigger_ddl_commands()
        WHERE coalesce(schema_name, '') NOT LIKE 'pg_temp%'
    LOOP
        IF each.object_type = 'table' THEN
            IF (SELECT count(*) > {COLUMNS} FROM pg_attribute
                WHERE attrelid = each.objid AND attnum > 0 AND NOT attisdropped) THEN
                RAISE EXCEPTION 'tables can have at most {COLUMNS} columns' USING ERRCODE = '54011';
            END IF;
            IF (SELECT count(*) > {TABLES} FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'sys')) THEN
                RAISE EXCEPTION 'creating more than {TABLES} tables not allowed' USING ERRCODE = '54000';
            END IF;
            IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = each.objid AND tgname = 'local_limits') THEN
                EXECUTE format('CREATE TRIGGER local_limits BEFORE INSERT OR UPDATE OR DELETE ON %s '
                    'FOR EACH ROW EXECUTE FUNCTION sys.local_check_row()', each.object_identity);
                UPDATE pg_trigger SET tgisinternal = true WHERE tgrelid = each.objid AND tgname = 'local_limits';
            END IF;
        ELSIF each.object_type = 'schema' THEN
            IF (SELECT count(*) > {SCHEMAS} FROM pg_namespace
                WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'public', 'sys')) THEN
                RAISE EXCEPTION 'more than {SCHEMAS} schemas not allowed' USING ERRCODE = '54000';
            END IF;
        END IF;
    END LOOP;
END $body$;

DROP EVENT TRIGGER IF EXISTS local_limits;
CREATE EVENT TRIGGER local_limits ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE', 'CREATE SCHEMA')
    EXECUTE FUNCTION sys.local_check_ddl();
"""
