#!/bin/bash
# with-secret NAME FILE COMMAND...: runs COMMAND with the environment variable NAME set to the contents of FILE,
# for programs that cannot read a secret from a file.
set -euo pipefail
name=$1 file=$2
shift 2
export "$name=$(<"$file")"
exec "$@"
