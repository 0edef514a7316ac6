#!/bin/bash
# Starts PostgreSQL as the store of all logs. On an empty volume it makes the cluster first. At every start it applies roles,
# tables and the passwords from the secrets, so that a changed secret is in force after a restart.
set -euo pipefail

secret() { cat "/run/secrets/$1"; }

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  echo "log-store: the volume is empty, making a new cluster"
  initdb --pgdata="$PGDATA" --encoding=UTF8 --locale=C.UTF-8 --data-checksums \
    --auth-local=peer --auth-host=scram-sha-256 --username=postgres >/dev/null
fi

# Roles and tables are made while no network port is open. Passwords reach psql as variables on standard input.
pg_ctl --pgdata="$PGDATA" --silent --wait --timeout=300 \
  --options="-c config_file=/etc/postgresql/postgresql.conf -c listen_addresses=''" start
{
  printf "\\set writer_password '%s'\n" "$(secret log_writer_password)"
  printf "\\set reader_password '%s'\n" "$(secret log_reader_password)"
  printf "\\set keeper_password '%s'\n" "$(secret log_keeper_password)"
  cat /etc/postgresql/schema.sql
} | psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --host=/tmp --username=postgres --dbname=postgres
pg_ctl --pgdata="$PGDATA" --silent --wait --mode=fast stop

exec postgres -D "$PGDATA" -c config_file=/etc/postgresql/postgresql.conf
