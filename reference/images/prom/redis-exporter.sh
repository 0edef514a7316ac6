#!/bin/bash
# redis-exporter ADDRESS FILE: watches the Redis at ADDRESS with the password in FILE. The exporter wants it in a file of another
# form; in a variable it would be in the environment of every process.
set -euo pipefail
address=$1 passwords=/tmp/redis-passwords.json
(umask 077 && printf '{"%s": "%s"}' "$address" "$(<"$2")" >"$passwords")
exec prometheus-redis-exporter -redis.addr "$address" -redis.password-file "$passwords"
