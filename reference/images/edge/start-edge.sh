#!/bin/bash
# start-edge FILE: starts HAProxy; its door serves the certificate that the authority issued last, if there is one that still
# holds, and until then the starter certificate that its configuration names.
set -euo pipefail
issued=/var/lib/edge/issued.pem
if openssl x509 -in "$issued" -noout -checkend 0 >/dev/null 2>&1; then
  export DOOR_CERTIFICATE=$issued
fi
exec setpriv --no-new-privs -- haproxy -W -db -f "$@"
