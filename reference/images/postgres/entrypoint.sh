#!/bin/bash
# Starts PostgreSQL. On an empty volume it makes the cluster first. Roles and their rights are set at every start. Who may log in,
# and by what password, is published by the service "logins": a change is in force within a second, without a restart.
set -euo pipefail

socket=/tmp published=/var/lib/logins/postgres applied=/tmp/logins-applied
ask() { psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --host="$socket" --username=postgres --dbname="$1"; }

# apply_logins: lets in by the published verifiers; whoever is not among them is shut out, and his sessions end.
apply_logins() {
  local new=/tmp/logins-new
  cp "$published" "$new"
  {
    printf "SET log_statement = 'none'; SET log_min_duration_statement = -1; BEGIN;\n"
    sed -nE "s/^([a-z_]+) (SCRAM-SHA-256[A-Za-z0-9+/=:\$]+)\$/ALTER ROLE \1 LOGIN PASSWORD '\2';/p" "$new"
    cat <<SQL
SELECT format('ALTER ROLE %I NOLOGIN PASSWORD NULL', rolname) FROM pg_roles
WHERE rolcanlogin AND NOT rolsuper AND NOT rolreplication AND rolname <> ALL ('{$(cut -d' ' -f1 "$new" | paste -sd,)}') \gexec
COMMIT;
SELECT count(pg_terminate_backend(pid)) > 0 AS ended
FROM pg_stat_activity JOIN pg_roles ON rolname = usename WHERE NOT rolcanlogin AND backend_type = 'client backend' \gset
SQL
  } | ask postgres && mv "$new" "$applied"
}

keep_logins() {
  while sleep 0.5; do
    [ ! -s "$published" ] || cmp -s "$published" "$applied" || apply_logins || true
  done
}

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  echo "entrypoint: the volume is empty, making a new cluster"
  initdb --pgdata="$PGDATA" --encoding=UTF8 --locale=C.UTF-8 --data-checksums \
    --auth-local=peer --auth-host=reject --username=postgres >/dev/null
fi

# Roles are set while no network port is open.
pg_ctl --pgdata="$PGDATA" --silent --wait --timeout=300 \
  --options="-c config_file=/etc/postgresql/postgresql.conf -c listen_addresses=''" start
for file in roles.sql backup.sql; do
  [ ! -e "/etc/postgresql/$file" ] || ask postgres <"/etc/postgresql/$file"
done
[ ! -s "$published" ] || apply_logins
pg_ctl --pgdata="$PGDATA" --silent --wait --mode=fast stop

keep_logins &
exec postgres -D "$PGDATA" -c config_file=/etc/postgresql/postgresql.conf
