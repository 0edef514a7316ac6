#!/bin/bash
# Healthy when Redis answers a PING with the right password.
set -euo pipefail
REDISCLI_AUTH=$(</run/secrets/redis_password)
export REDISCLI_AUTH
[ "$(redis-cli -h 127.0.0.1 ping)" = PONG ]
