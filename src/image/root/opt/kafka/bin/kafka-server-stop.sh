#!/usr/bin/env bash
# Asks the brokers that kafka-server-start.sh or the container have started to stop.
found=
for process in /proc/[0-9]*; do
  if [[ $(tr '\0' ' ' 2>/dev/null <"$process/cmdline") == "houska "*"--announce kafka "* ]]; then
    kill -TERM "${process##*/}"
    found=yes
  fi
done
if [ -z "$found" ]; then
  echo "No kafka server to stop" >&2
  exit 1
fi
