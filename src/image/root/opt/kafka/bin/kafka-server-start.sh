#!/usr/bin/env bash
# Runs the broker: kafka-server-start.sh [-daemon] server.properties [--override key=value ...]
if [ "${1-}" = -daemon ]; then
  shift
  nohup "$0" "$@" >/opt/kafka/logs/kafkaServer.out 2>&1 </dev/null &
  exit
fi
exec houska "$@" --announce kafka
