#!/bin/bash
# Starts one member of a PostgreSQL with a copy in each of several places: one takes writes, the others follow it. Which one
# it is, the members find out from each other; the operator changes it (bin/cluster failover).
#
#   MEMBERS   host names of all of them; MEMBER is this one, and FIRST the one that begins when all are empty
set -euo pipefail

OTHERS=$(tr ' ' '\n' <<<"$MEMBERS" | grep -vx "$MEMBER")
export PGPASSFILE=/tmp/pgpass PGCONNECT_TIMEOUT=2
(umask 077 && printf '*:*:*:replicator:%s\n' "$(cat /run/secrets/replication_password)" >"$PGPASSFILE")
# A follower that looks for a leader heeds no connect_timeout; tcp_user_timeout keeps it from waiting for a dead machine.
LEADER="host=${MEMBERS// /,} user=replicator passfile=$PGPASSFILE application_name=$MEMBER target_session_attrs=read-write
  connect_timeout=2 tcp_user_timeout=3000"

# ask_others: what each of the others is, as far as it answers: "t" for one that follows, "f" for the one that takes writes.
ask_others() {
  local other
  for other in $OTHERS; do
    psql --no-psqlrc --tuples-only --no-align --command='SELECT pg_is_in_recovery()' \
      --dbname="host=$other user=replicator dbname=postgres" 2>/dev/null || true
  done
}

follow() {
  echo "member: following"
  exec postgres -D "$PGDATA" -c config_file=/etc/postgresql/postgresql.conf -c "primary_conninfo=$LEADER"
}

# copy: this member's data as the present leader has it. What was here is given up: a leader that lost its place may have
# written what nobody else has, and acknowledged none of it.
copy() {
  echo "member: copying the leader's data"
  find "$PGDATA" -mindepth 1 -delete
  pg_basebackup --dbname="$LEADER dbname=postgres" --pgdata="$PGDATA" --checkpoint=fast --wal-method=stream
  touch "$PGDATA/standby.signal"
}

[ ! -e "$PGDATA/standby.signal" ] || follow
while true; do
  answers=$(ask_others)
  if grep -q f <<<"$answers"; then
    copy
    follow
  elif [ ! -s "$PGDATA/PG_VERSION" ] && [ "$MEMBER" = "$FIRST" ]; then
    break
  elif [ -s "$PGDATA/PG_VERSION" ] && grep -q t <<<"$answers"; then
    break # it took writes before, and whoever answers follows still
  fi
  echo "member: waiting for the others"
  sleep 1
done
echo "member: taking writes"
export PGOPTIONS='-c synchronous_commit=local' # for the roles, which are set while nobody can follow yet
exec postgres-entrypoint
