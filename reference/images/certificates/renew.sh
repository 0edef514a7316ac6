#!/bin/bash
# renew-certificate [--force]: a new certificate from the authority when less than 30 days are left, or at once; the edge serves it.
set -euo pipefail
dehydrated --register --accept-terms >/dev/null
exec dehydrated --cron --keep-going --domain "$PUBLIC_HOST" "$@"
