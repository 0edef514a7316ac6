#!/bin/bash
# What dehydrated calls: hands the answers to challenges to the edge, and the certificate once it is there.
set -euo pipefail
EDGE=/var/lib/edge
ANSWERS=/etc/haproxy/challenges.map

# tell COMMAND: one command to the running edge; prints its answer.
tell() { printf '%s\n' "$1" | socat -t5 - "UNIX-CONNECT:$EDGE/control.sock"; }

# serve CHAIN KEY: the edge serves this certificate from the next handshake on, and after a restart. Connections stay open.
serve() {
  local loaded answer
  cat "$1" "$2" | grep -v '^$' >"$EDGE/issued.new"
  chmod 0600 "$EDGE/issued.new"
  loaded=$(tell 'show ssl cert' | grep -m1 '^/')
  if ! cmp -s "$EDGE/issued.new" "$EDGE/issued.pem" || ! tell "show ssl cert $loaded" | grep -qi "$(serial_of "$1")"; then
    tell "set ssl cert $loaded <<
$(<"$EDGE/issued.new")
" >/dev/null
    answer=$(tell "commit ssl cert $loaded")
    [[ $answer == *Success!* ]] || { echo "the edge does not take the certificate: $answer" >&2; return 1; }
    mv "$EDGE/issued.new" "$EDGE/issued.pem"
    echo "the edge serves the certificate with serial $(serial_of "$1")"
  fi
  rm -f "$EDGE/issued.new"
}

serial_of() { openssl x509 -in "$1" -noout -serial | cut -d= -f2; }

what=$1
shift
case "$what" in
  deploy_challenge) tell "add map $ANSWERS /.well-known/acme-challenge/$2 $3" ;;
  clean_challenge) tell "del map $ANSWERS /.well-known/acme-challenge/$2" ;;
  deploy_cert | unchanged_cert) serve "$4" "$2" ;; # of: domain, key, certificate, certificate with chain
esac
