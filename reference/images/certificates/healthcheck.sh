#!/bin/bash
# Healthy while the edge's socket is there and the keeper turns its rounds.
set -euo pipefail
test -S /var/lib/edge/control.sock
test -n "$(find /tmp/alive -newermt '-15 seconds')"
