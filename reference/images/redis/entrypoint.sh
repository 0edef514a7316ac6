#!/bin/bash
# Starts Redis with its configuration file. By which passwords clients get in is published by the service "logins": a change is
# in force within a second, without a restart. What starts here makes itself a password of its own, for its container only.
set -euo pipefail
umask 077
published=/var/lib/logins/redis applied=/tmp/logins-applied operator=/tmp/operator

# rights FILE: what a client may do, and by which of the published digests it is let in.
rights() { printf 'on resetpass ~* &* +@all -acl%s' "$(awk '$1 == "default" { printf " #%s", $2 }' "$1")"; }

apply_logins() {
  local new=/tmp/logins-new
  cp "$published" "$new"
  [ "$(printf 'AUTH operator %s\nACL SETUSER default %s\n' "$(<"$operator")" "$(rights "$new")" | redis-cli -h 127.0.0.1)" = $'OK\nOK' ] &&
    mv "$new" "$applied"
}

keep_logins() {
  while sleep 0.5; do
    [ ! -s "$published" ] || cmp -s "$published" "$applied" || apply_logins || true
  done
}

od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$operator"
keep_logins &
exec redis-server - < <(
  cat /etc/redis/redis.conf
  printf 'user operator on #%s ~* &* +@all\n' "$(sha256sum "$operator" | cut -d' ' -f1)"
  if [ -s "$published" ]; then printf 'user default %s\n' "$(rights "$published")"; else echo 'user default off'; fi
)
