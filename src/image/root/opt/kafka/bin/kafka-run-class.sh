#!/usr/bin/env bash
# Runs the tool that one of Kafka's classes is: kafka-run-class.sh CLASS [argument ...]
case ${1##*.} in
  AclCommand) tool=kafka-acls ;;
  BrokerApiVersionsCommand) tool=kafka-broker-api-versions ;;
  ClientMetricsCommand) tool=kafka-client-metrics ;;
  ClusterTool) tool=kafka-cluster ;;
  ConfigCommand) tool=kafka-configs ;;
  ConsoleConsumer) tool=kafka-console-consumer ;;
  ConsoleProducer) tool=kafka-console-producer ;;
  ConsoleShareConsumer) tool=kafka-console-share-consumer ;;
  ConsumerGroupCommand) tool=kafka-consumer-groups ;;
  ConsumerPerformance) tool=kafka-consumer-perf-test ;;
  DeleteRecordsCommand) tool=kafka-delete-records ;;
  DumpLogSegments) tool=kafka-dump-log ;;
  FeatureCommand) tool=kafka-features ;;
  GetOffsetShell) tool=kafka-get-offsets ;;
  GroupsCommand) tool=kafka-groups ;;
  Kafka) tool=kafka-server-start ;;
  LeaderElectionCommand) tool=kafka-leader-election ;;
  LogDirsCommand) tool=kafka-log-dirs ;;
  MetadataQuorumCommand) tool=kafka-metadata-quorum ;;
  ProducerPerformance) tool=kafka-producer-perf-test ;;
  ReassignPartitionsCommand) tool=kafka-reassign-partitions ;;
  ShareGroupCommand) tool=kafka-share-groups ;;
  StorageTool) tool=kafka-storage ;;
  TopicCommand) tool=kafka-topics ;;
  TransactionsCommand) tool=kafka-transactions ;;
  *)
    echo "kafka-run-class.sh: there is no Java here, and no tool of our own for ${1:-(no class)}" >&2
    exit 1
    ;;
esac
shift
exec "$tool" "$@"
