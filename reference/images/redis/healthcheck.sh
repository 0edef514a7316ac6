#!/bin/bash
# Healthy when Redis answers a PING with the right password, which goes through standard input and is in no process list.
set -euo pipefail
[ "$(printf 'AUTH %s\nPING\n' "$(</run/secrets/redis_password)" | redis-cli -h 127.0.0.1)" = $'OK\nPONG' ]
