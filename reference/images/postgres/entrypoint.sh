#!/bin/bash
# Starts PostgreSQL. On an empty volume it makes the cluster first. At every start it applies the roles and their
# passwords from the secrets, so that a changed secret is in force after a restart.
set -euo pipefail

socket=/tmp
secret() { cat "/run/secrets/$1"; }

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  echo "entrypoint: the volume is empty, making a new cluster"
  initdb --pgdata="$PGDATA" --encoding=UTF8 --locale=C.UTF-8 --data-checksums \
    --auth-local=peer --auth-host=scram-sha-256 --username=postgres --pwfile=/run/secrets/postgres_superuser_password >/dev/null
fi

# Roles are set while no network port is open. Passwords reach psql as variables on standard input and are quoted by it.
pg_ctl --pgdata="$PGDATA" --silent --wait --timeout=300 \
  --options="-c config_file=/etc/postgresql/postgresql.conf -c listen_addresses=''" start
{
  printf "\\set superuser_password '%s'\n" "$(secret postgres_superuser_password)"
  printf "\\set owner_password '%s'\n" "$(secret whoop_owner_password)"
  printf "\\set whoop_password '%s'\n" "$(secret whoop_db_password)"
  printf "\\set metrics_password '%s'\n" "$(secret metrics_db_password)"
  cat /etc/postgresql/roles.sql
  if [ -e /etc/postgresql/backup.sql ]; then
    printf "\\set backup_password '%s'\n" "$(secret backup_db_password)"
    cat /etc/postgresql/backup.sql
  fi
} | psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --host="$socket" --username=postgres --dbname=postgres
pg_ctl --pgdata="$PGDATA" --silent --wait --mode=fast stop

exec postgres -D "$PGDATA" -c config_file=/etc/postgresql/postgresql.conf
