#!/bin/bash
# Puts one segment of PostgreSQL's log down where the backup service takes it up with pgBackRest (archive_command). The database
# itself never reaches the repository: who takes it over can destroy no copy.
#
#   put-down-for-pgbackrest PATH NAME
set -euo pipefail
folder=/var/lib/wal

# After a crash PostgreSQL may hand over a segment that lies there already.
if [ -e "$folder/$2" ]; then
  cmp --silent "$1" "$folder/$2" || { echo "$folder/$2 is there, and is another one" >&2; exit 1; }
  exit 0
fi
cp "$1" "$folder/.$2"
sync "$folder/.$2"
mv "$folder/.$2" "$folder/$2"
sync "$folder"
