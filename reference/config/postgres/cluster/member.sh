#!/bin/bash
# Starts one member of a PostgreSQL with a copy in each of several places: one takes writes, the others follow it. Which one
# it is, the members find out from each other; the operator changes it (bin/cluster failover).
#
#   MEMBERS   host names of all of them; MEMBER is this one, and FIRST the one that begins when all are empty
set -euo pipefail

# Never two at once on one volume: Swarm may start a new copy while the old one still ends. The lock goes with the process.
exec 9>/var/lib/postgresql/lock
flock 9

UNFINISHED=/var/lib/postgresql/copy-unfinished
OTHERS=$(tr ' ' '\n' <<<"$MEMBERS" | grep -vx "$MEMBER")
export PGPASSFILE=/tmp/pgpass PGCONNECT_TIMEOUT=2
(umask 077 && printf '*:*:*:replicator:%s\n' "$(cat /run/secrets/replication_password)" >"$PGPASSFILE")
# A follower that looks for a leader heeds no connect_timeout; tcp_user_timeout keeps it from waiting for a dead machine.
LEADER="host=${MEMBERS// /,} user=replicator passfile=$PGPASSFILE application_name=$MEMBER target_session_attrs=read-write
  connect_timeout=2 tcp_user_timeout=3000"

# ask_others: what each of the others is, as far as it answers: "leads", or "follows" and the newest timeline that it knows. A
# timeline begins whenever another member takes the lead.
ask_others() {
  local other
  for other in $OTHERS; do
    psql --no-psqlrc --tuples-only --no-align --dbname="host=$other user=replicator dbname=postgres" --command="
      SELECT CASE WHEN NOT pg_is_in_recovery() THEN 'leads' ELSE 'follows ' || coalesce(
        (SELECT max(('x' || left(name, 8))::bit(32)::int) FROM pg_ls_waldir() WHERE name LIKE '%.history'), 1) END" 2>/dev/null || true
  done
}

# led_last ANSWERS: succeeds when this member took writes before, somebody follows, and nobody knows of a later leader. One that
# does not answer may be the leader; but then nobody follows this one, and it can acknowledge nothing.
led_last() {
  local own newest
  [ -s "$PGDATA/PG_VERSION" ] && [ ! -e "$UNFINISHED" ] && grep -q follows <<<"$1" || return 1
  own=$(pg_controldata "$PGDATA" | sed -n "s/^Latest checkpoint's TimeLineID: *//p")
  newest=$(sed -n 's/^follows //p' <<<"$1" | sort -n | tail -n 1)
  [ "$newest" -le "$own" ]
}

follow() {
  echo "member: following"
  exec postgres -D "$PGDATA" -c config_file=/etc/postgresql/postgresql.conf -c "primary_conninfo=$LEADER"
}

# copy: this member's data as the present leader has it. What was here is given up: a leader that lost its place may have
# written what nobody else has, and acknowledged none of it. Until the copy is complete a mark says so.
copy() {
  echo "member: copying the leader's data"
  touch "$UNFINISHED"
  find "$PGDATA" -mindepth 1 -delete
  pg_basebackup --dbname="$LEADER dbname=postgres" --pgdata="$PGDATA" --checkpoint=fast --wal-method=stream
  touch "$PGDATA/standby.signal"
  rm "$UNFINISHED"
}

if [ -e "$PGDATA/standby.signal" ] && [ ! -e "$UNFINISHED" ]; then follow; fi
while true; do
  answers=$(ask_others)
  if grep -q leads <<<"$answers"; then
    copy
    follow
  elif led_last "$answers"; then
    break
  elif [ ! -s "$PGDATA/PG_VERSION" ] && [ ! -e "$UNFINISHED" ] && [ -z "$answers" ] && [ "$MEMBER" = "$FIRST" ]; then
    break # nobody has anything yet
  fi
  echo "member: waiting for the others"
  sleep 1
done
echo "member: taking writes"
export PGOPTIONS='-c synchronous_commit=local' # for the roles, which are set while nobody can follow yet
exec postgres-entrypoint
