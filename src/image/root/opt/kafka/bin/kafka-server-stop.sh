#!/usr/bin/env bash
# Asks the broker to stop.
brokers=$(busybox pgrep -f '^houska .*--announce kafka') || { echo "No kafka server to stop" >&2; exit 1; }
kill -TERM $brokers
