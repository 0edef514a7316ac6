#!/bin/bash
# Starts Redis with its configuration file and the password from the secret. The password goes through standard input:
# on the command line it would be in every process list.
set -euo pipefail
exec redis-server - < <(cat /etc/redis/redis.conf && printf 'requirepass %s\n' "$(</run/secrets/redis_password)")
