#!/bin/bash
# http-healthcheck PORT PATH: succeeds when this container answers a GET with status 200. Needs nothing but bash.
set -euo pipefail
exec 3<>"/dev/tcp/127.0.0.1/$1"
printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$2" >&3
IFS= read -r status <&3
[[ $status == *" 200"* ]]
