#!/usr/bin/env bash
# Stands in for ZooKeeper, which the broker needs no more, where somebody starts one beside it:
# zookeeper-server-start.sh zookeeper.properties. Takes connections to its port, for whoever waits for that, and
# answers none.
echo "There is no ZooKeeper here, and the broker needs none"
port=$(sed -n 's/^clientPort=//p' "$1")
exec nc -lk "${port:-2181}" </dev/null >/dev/null
