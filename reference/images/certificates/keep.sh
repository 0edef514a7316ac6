#!/bin/bash
# Looks twice a day whether the certificate is to be renewed; when that does not work, again after a minute.
set -u
while true; do
  if renew-certificate; then sleep 12h; else sleep 60; fi
done
