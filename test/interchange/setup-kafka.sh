#!/usr/bin/env bash
# Fetches Apache Kafka with Maven, for the tests that compare with it, into $HOUSKA_TEST_CACHE/kafka
# (~/.cache/houska-test/kafka when that is not set). Needs java and mvn. Does nothing when it is there already.
#
#   libs/          the broker's class path, 4.4.0
#   libs-tools/    the class path of the command line tools, which Maven has up to 4.3.1
#   libs-streams/  the class path of programs with Kafka Streams, which brings RocksDB along
#   bin/broker PORT LOG_DIR [key=value ...]   a one-node broker on 127.0.0.1:PORT, in the foreground
#   bin/kafka-topics.sh and so on             the tools under the names of the binary distribution
set -euo pipefail
broker_version=4.4.0
tools_version=4.3.1
log4j_version=2.25.5

cache=${HOUSKA_TEST_CACHE:-$HOME/.cache/houska-test}
home=$cache/kafka
version="broker $broker_version, tools $tools_version, script $(cksum <"${BASH_SOURCE[0]}")"
[ "$(cat "$home/version" 2>/dev/null)" != "$version" ] || exit 0
for command in java mvn; do
  command -v "$command" >/dev/null || { echo "setup-kafka: $command is not on the PATH" >&2; exit 1; }
done
echo "setup-kafka: fetching Apache Kafka $broker_version into $home" >&2
mkdir -p "$cache"
new=$(mktemp -d "$cache/kafka.new.XXXXXX")
trap 'rm -rf "$new"' EXIT
mkdir "$new/bin"

# dependency GROUP ARTIFACT VERSION [MORE]
dependency() {
  echo "<dependency><groupId>$1</groupId><artifactId>$2</artifactId><version>$3</version>${4-}</dependency>"
}

# fetch FOLDER DEPENDENCIES: those jars and all that they need
fetch() {
  local log4j=org.apache.logging.log4j
  mkdir "$new/$1"
  {
    echo '<project><modelVersion>4.0.0</modelVersion><groupId>houska.test</groupId><artifactId>kafka</artifactId>'
    echo "<version>1</version><packaging>pom</packaging><dependencies>$2"
    dependency $log4j log4j-core $log4j_version
    dependency $log4j log4j-slf4j-impl $log4j_version
    echo '</dependencies></project>'
  } >"$new/$1/pom.xml"
  mvn -q -B -f "$new/$1/pom.xml" dependency:copy-dependencies -DoutputDirectory="$new/$1" -DincludeScope=runtime \
    </dev/null >"$new/$1/log" 2>&1 || { tail -n 20 "$new/$1/log" >&2; exit 1; }
  rm "$new/$1/pom.xml" "$new/$1/log"
}

# The broker asks for a kafka-tools-api of its own version, and there is none.
exclusion='<exclusions><exclusion><groupId>org.apache.kafka</groupId><artifactId>kafka-tools-api</artifactId></exclusion></exclusions>'
fetch libs "$(dependency org.apache.kafka kafka_2.13 $broker_version "$exclusion")
$(dependency org.apache.kafka kafka-tools-api $tools_version)"
fetch libs-tools "$(dependency org.apache.kafka kafka-tools $tools_version)
$(dependency org.apache.kafka kafka_2.13 $tools_version)"
fetch libs-streams "$(dependency org.apache.kafka kafka-streams $tools_version)"

# log4j FILE LEVEL TARGET
log4j() {
  printf '%s\n' 'appender.c.type = Console' 'appender.c.name = c' "appender.c.target = $3" \
    'appender.c.layout.type = PatternLayout' 'appender.c.layout.pattern = [%d] %p %m (%c)%n' \
    "rootLogger.level = $2" 'rootLogger.appenderRef.c.ref = c' >"$new/$1"
}
log4j broker-log4j2.properties INFO SYSTEM_OUT
log4j tools-log4j2.properties WARN SYSTEM_ERR

# tool NAME CLASS [LIBS]
tool() {
  cat >"$new/bin/$1.sh" <<END
#!/usr/bin/env bash
home=\$(cd -P -- "\$(dirname -- "\${BASH_SOURCE[0]}")/.." && pwd)
exec java -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \\
  -Dlog4j2.configurationFile="\$home/tools-log4j2.properties" -cp "\$home/${3-libs-tools}/*" $2 "\$@"
END
}
tools=org.apache.kafka.tools
tool kafka-storage kafka.tools.StorageTool libs
tool kafka-acls $tools.AclCommand
tool kafka-broker-api-versions $tools.BrokerApiVersionsCommand
tool kafka-client-metrics $tools.ClientMetricsCommand
tool kafka-cluster $tools.ClusterTool
tool kafka-configs kafka.admin.ConfigCommand
tool kafka-console-consumer $tools.consumer.ConsoleConsumer
tool kafka-console-producer $tools.ConsoleProducer
tool kafka-console-share-consumer $tools.consumer.ConsoleShareConsumer
tool kafka-consumer-groups $tools.consumer.group.ConsumerGroupCommand
tool kafka-consumer-perf-test $tools.ConsumerPerformance
tool kafka-delegation-tokens $tools.DelegationTokenCommand
tool kafka-delete-records $tools.DeleteRecordsCommand
tool kafka-dump-log $tools.DumpLogSegments
tool kafka-features $tools.FeatureCommand
tool kafka-get-offsets $tools.GetOffsetShell
tool kafka-groups $tools.GroupsCommand
tool kafka-leader-election $tools.LeaderElectionCommand
tool kafka-log-dirs $tools.LogDirsCommand
tool kafka-metadata-quorum $tools.MetadataQuorumCommand
tool kafka-producer-perf-test $tools.ProducerPerformance
tool kafka-reassign-partitions $tools.reassign.ReassignPartitionsCommand
tool kafka-share-groups $tools.consumer.group.ShareGroupCommand
tool kafka-streams-groups $tools.streams.StreamsGroupCommand
tool kafka-topics $tools.TopicCommand
tool kafka-transactions $tools.TransactionsCommand
tool kafka-verifiable-consumer $tools.VerifiableConsumer
tool kafka-verifiable-producer $tools.VerifiableProducer

cat >"$new/bin/broker" <<'END'
#!/usr/bin/env bash
# broker PORT LOG_DIR [key=value ...]: broker and controller in one, node 1, on 127.0.0.1:PORT, replacing this
# process. Formats LOG_DIR when it has no meta.properties. Its settings go to LOG_DIR.properties.
set -euo pipefail
home=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
port=$1 directory=$2
shift 2
# Kafka refuses one port number for two listeners. The other loopback address keeps the next one free of clashes.
controller=127.0.0.2:$((port < 65535 ? port + 1 : port - 1))
printf '%s\n' process.roles=broker,controller node.id=1 "log.dirs=$directory" \
  "listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://$controller" \
  "advertised.listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://$controller" \
  "controller.quorum.bootstrap.servers=$controller" \
  controller.listener.names=CONTROLLER inter.broker.listener.name=PLAINTEXT \
  listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT \
  offsets.topic.replication.factor=1 transaction.state.log.replication.factor=1 transaction.state.log.min.isr=1 \
  share.coordinator.state.topic.replication.factor=1 share.coordinator.state.topic.min.isr=1 \
  group.initial.rebalance.delay.ms=0 "$@" >"$directory.properties"
if [ ! -f "$directory/meta.properties" ]; then
  id=$("$home/bin/kafka-storage.sh" random-uuid)
  "$home/bin/kafka-storage.sh" format --standalone --cluster-id "$id" --config "$directory.properties" >&2
fi
exec java -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
  -Dlog4j2.configurationFile="$home/broker-log4j2.properties" -cp "$home/libs/*" kafka.Kafka "$directory.properties"
END

chmod +x "$new"/bin/*
chmod 755 "$new"
echo "$version" >"$new/version"
rm -rf "$home"
mv "$new" "$home"
