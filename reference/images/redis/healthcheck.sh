#!/bin/bash
# Healthy when Redis answers a PING. The password goes through standard input and is in no process list.
set -euo pipefail
[ "$(printf 'AUTH operator %s\nPING\n' "$(</tmp/operator)" | redis-cli -h 127.0.0.1)" = $'OK\nPONG' ]
