/**
 * One sentence on what a config does, as DescribeConfigs hands it out: every topic and group config, and the broker
 * configs that matter here. A name that topics and brokers share means the same for both.
 */
export const documentation: Readonly<Record<string, string>> = {
  // topics
  "segment.bytes": "The size at which a new log segment is begun.",
  "segment.ms": "The age at which a new log segment is begun, full or not.",
  "segment.jitter.ms":
    "The most by which segment.ms is shortened at random, so that segments don't all end together.",
  "segment.index.bytes": "The size of the largest index of a segment.",
  "flush.messages":
    "Records after which the log is flushed to the disk; the default leaves it to the operating system.",
  "flush.ms":
    "The time after which records are flushed to the disk; the default leaves it to the operating system.",
  "retention.bytes":
    "The size of a partition beyond which its oldest segments are deleted; -1 means no limit.",
  "retention.ms": "The age at which records are deleted; -1 means never.",
  "max.message.bytes": "The size of the largest record batch the topic takes, after compression.",
  "max.decompressed.message.bytes":
    "The size a compressed record batch may reach when the broker opens it; the default stands for 128 MiB.",
  "index.interval.bytes": "Bytes of records between two entries of a segment's indexes.",
  "delete.retention.ms": "How long compaction keeps the tombstones of deleted keys.",
  "min.compaction.lag.ms": "The age a record must reach before compaction may remove it.",
  "max.compaction.lag.ms": "The age at which a record must have been looked at by compaction.",
  "file.delete.delay.ms": "The time between giving up a file and deleting it.",
  "min.cleanable.dirty.ratio": "The share of the log that must be new before compaction runs.",
  "cleanup.policy":
    "What becomes of old records: delete them by age and size, compact them by key, both, or nothing when empty.",
  "unclean.leader.election.enable":
    "Whether a replica out of sync may become leader, or a partition begin anew whose log directory is gone, at the price of records.",
  "min.insync.replicas": "Replicas that must be in sync for a produce with acks=all to succeed.",
  "compression.type":
    "The compression of stored batches: one of the codecs, uncompressed, or producer to keep what came.",
  "compression.gzip.level": "The level of gzip compression where compression.type is gzip.",
  "compression.lz4.level": "The level of lz4 compression where compression.type is lz4.",
  "compression.zstd.level": "The level of zstd compression where compression.type is zstd.",
  preallocate: "Whether a new segment's file gets its full size at once.",
  "message.timestamp.type":
    "Whether a record's timestamp is the producer's (CreateTime) or the broker's (LogAppendTime).",
  "message.timestamp.before.max.ms":
    "How far a record's timestamp may lie before the broker's clock; not checked with LogAppendTime.",
  "message.timestamp.after.max.ms":
    "How far a record's timestamp may lie after the broker's clock; not checked with LogAppendTime.",
  "leader.replication.throttled.replicas":
    "Replicas whose sending is throttled, as partition:broker, or * for all.",
  "follower.replication.throttled.replicas":
    "Replicas whose receiving is throttled, as partition:broker, or * for all.",
  "remote.storage.enable": "Whether older segments are kept in remote storage.",
  "local.retention.ms":
    "The age at which segments kept in remote storage are deleted here; -2 means as retention.ms.",
  "local.retention.bytes":
    "The size beyond which segments kept in remote storage are deleted here; -2 means as retention.bytes.",
  "remote.log.copy.disable": "Whether remote storage is only read, and nothing more copied to it.",
  "remote.copy.lag.ms": "The age at which a segment is copied to remote storage.",
  "remote.copy.lag.bytes": "The size of newer records after which a segment is copied to remote storage.",
  "remote.log.delete.on.disable": "Whether turning remote storage off deletes what is there.",
  "errors.deadletterqueue.group.enable": "Whether share groups may use the topic as their dead letter queue.",
  "internal.segment.bytes": "For tests: a segment size below the least that segment.bytes allows.",
  // brokers
  "node.id": "The number by which the cluster knows this node.",
  "broker.id": "The older name of node.id.",
  "process.roles":
    "What the node does: serve clients (broker), keep the cluster's metadata (controller), or both.",
  listeners: "Where the broker listens, as NAME://host:port; an empty host means every interface.",
  "advertised.listeners":
    "The addresses clients are told to connect to; where not set, the one a client came in by.",
  "listener.security.protocol.map": "The security protocol of each listener, as NAME:PROTOCOL.",
  "controller.listener.names": "The listeners among `listeners` that belong to the controller.",
  "inter.broker.listener.name": "The listener by which brokers reach each other.",
  "broker.rack": "The rack of the broker, which clients and assignments see.",
  "metadata.log.dir": "The directory of the metadata log; where not set, the first log directory.",
  "metadata.log.max.record.bytes.between.snapshots":
    "Bytes of new metadata records after which a snapshot is written.",
  "metadata.log.max.snapshot.interval.ms":
    "The longest time until changed metadata goes into a snapshot; 0 means no limit.",
  "metadata.log.segment.bytes": "The size of a segment of the metadata log.",
  "internal.metadata.log.segment.bytes":
    "Takes the place of metadata.log.segment.bytes where tests want smaller segments.",
  "metadata.log.segment.ms": "How old a segment of the metadata log becomes until the next one begins.",
  "metadata.max.retention.bytes":
    "The size of metadata log and snapshots above which the oldest go, as far as a newer snapshot allows.",
  "metadata.max.retention.ms":
    "How old a snapshot of the metadata becomes before it goes, as far as a newer one allows.",
  "socket.request.max.bytes": "The size of the largest request taken from a socket.",
  "queued.max.request.bytes":
    "Bytes of requests held in memory before reading pauses; -1 stands for 512 MiB.",
  "max.connections": "Connections the broker accepts at a time.",
  "max.connections.per.ip": "Connections accepted from one address at a time.",
  "max.connections.per.ip.overrides":
    "Other limits than max.connections.per.ip for single addresses, as address:count.",
  "connections.max.idle.ms": "The time after which a silent connection is closed; negative means never.",
  "num.partitions": "Partitions of a topic that is created without saying how many.",
  "default.replication.factor": "Replicas of a topic that is created without saying how many.",
  "auto.create.topics.enable": "Whether asking for a topic that doesn't exist creates it.",
  "delete.topic.enable": "Whether topics may be deleted.",
  "message.max.bytes": "The size of the largest record batch a topic takes.",
  "fetch.max.bytes": "The size of the largest answer to a fetch.",
  "max.incremental.fetch.session.cache.slots": "Fetch sessions kept at a time.",
  "max.request.partition.size.limit": "Partitions described in one answer.",
  "log.dir": "The log directory where log.dirs is not set.",
  "log.dirs": "The directories that hold the partitions' logs.",
  "log.segment.bytes": "The size at which a new log segment is begun.",
  "log.roll.ms": "The age at which a new log segment is begun.",
  "log.roll.hours": "The age at which a new log segment is begun, where log.roll.ms is not set.",
  "log.roll.jitter.ms": "The most by which the age of a new segment is shortened at random.",
  "log.roll.jitter.hours":
    "The most by which the age of a new segment is shortened at random, where log.roll.jitter.ms is not set.",
  "log.retention.ms": "The age at which records are deleted; -1 means never.",
  "log.retention.minutes": "The age at which records are deleted, where log.retention.ms is not set.",
  "log.retention.hours":
    "The age at which records are deleted, where neither log.retention.ms nor log.retention.minutes is set.",
  "log.retention.bytes":
    "The size of a partition beyond which its oldest segments are deleted; -1 means no limit.",
  "log.retention.check.interval.ms": "How often segments are looked through for what may be deleted.",
  "log.cleanup.policy": "What becomes of old records: delete, compact, or both.",
  "log.index.size.max.bytes": "The size of the largest offset index or time index.",
  "log.index.interval.bytes": "Bytes of records between two entries of an index.",
  "log.flush.interval.messages": "Records after which a partition is flushed to the disk.",
  "log.flush.interval.ms":
    "The time after which a partition's records are flushed to the disk; where not set, log.flush.scheduler.interval.ms.",
  "log.flush.scheduler.interval.ms":
    "The time after which a partition's records are flushed to the disk, where log.flush.interval.ms is not set.",
  "log.flush.offset.checkpoint.interval.ms": "How often the recovery points are written down.",
  "log.flush.start.offset.checkpoint.interval.ms": "How often the log start offsets are written down.",
  "log.cleaner.enable": "Whether compacted topics are compacted.",
  "log.cleaner.backoff.ms": "The time until compaction looks again when there was nothing to compact.",
  "log.cleaner.dedupe.buffer.size":
    "Memory for the keys of a log that is being compacted, 24 bytes each; taken as it is needed.",
  "log.cleaner.io.buffer.load.factor": "The share of the memory for keys that is filled.",
  "log.cleaner.io.buffer.size": "Memory for reading and writing segments that are being compacted.",
  "log.cleaner.io.max.bytes.per.second": "Bytes that compaction reads and writes in a second at most.",
  "log.cleaner.min.cleanable.ratio": "The share of a log that must be new before compaction runs.",
  "log.cleaner.delete.retention.ms": "How long compaction keeps the tombstones of deleted keys.",
  "log.cleaner.min.compaction.lag.ms": "The age a record must reach before compaction may remove it.",
  "log.cleaner.max.compaction.lag.ms": "The age at which a record must have been looked at by compaction.",
  "log.segment.delete.delay.ms": "The time between giving up a file and deleting it.",
  "log.message.timestamp.type":
    "Whether a record's timestamp is the producer's (CreateTime) or the broker's (LogAppendTime).",
  "log.message.timestamp.before.max.ms": "How far a record's timestamp may lie before the broker's clock.",
  "log.message.timestamp.after.max.ms": "How far a record's timestamp may lie after the broker's clock.",
  "log.initial.task.delay.ms": "The time from the start to the first checkpoint.",
  "replica.high.watermark.checkpoint.interval.ms": "How often the high watermarks are written down.",
  "producer.id.expiration.ms": "The time after which an idle producer id is forgotten.",
  "producer.id.expiration.check.interval.ms": "How often idle producer ids are looked for.",
  "offsets.topic.num.partitions": "Partitions of __consumer_offsets.",
  "offsets.topic.replication.factor": "Replicas of __consumer_offsets.",
  "offsets.topic.segment.bytes": "The segment size of __consumer_offsets.",
  "offsets.retention.minutes": "The time after which the offsets of an idle group are forgotten.",
  "offset.metadata.max.bytes": "The size of the text a client may commit with an offset.",
  "group.initial.rebalance.delay.ms":
    "How long the first rebalance of an empty classic group waits for more members.",
  "group.min.session.timeout.ms": "The shortest session timeout a classic group member may ask for.",
  "group.max.session.timeout.ms": "The longest session timeout a classic group member may ask for.",
  "group.max.size": "Members a classic group takes.",
  "group.coordinator.rebalance.protocols": "The protocols by which members of groups may be served.",
  "offsets.topic.compression.codec":
    "What the batches in __consumer_offsets are compressed with: 0 nothing, 1 gzip, 2 snappy, 3 lz4, 4 zstd.",
  "offsets.retention.check.interval.ms":
    "How often offsets are looked for that have been kept for long enough.",
  "group.consumer.session.timeout.ms":
    "The time without a heartbeat after which a consumer is taken for dead.",
  "group.consumer.min.session.timeout.ms":
    "The shortest session timeout a consumer group may be configured to.",
  "group.consumer.max.session.timeout.ms":
    "The longest session timeout a consumer group may be configured to.",
  "group.consumer.heartbeat.interval.ms": "How often members of consumer groups are told to send heartbeats.",
  "group.consumer.min.heartbeat.interval.ms":
    "The shortest heartbeat interval a consumer group may be configured to.",
  "group.consumer.max.heartbeat.interval.ms":
    "The longest heartbeat interval a consumer group may be configured to.",
  "group.consumer.max.size": "Members a consumer group takes.",
  "group.consumer.assignors":
    "How partitions of consumer groups are assigned: uniform, range; the first is taken where members name none.",
  "group.consumer.migration.policy":
    "Whether groups may go from the classic protocol to the consumer protocol and back while they have members.",
  "group.consumer.assignment.interval.ms": "The shortest time between two assignments of a consumer group.",
  "group.consumer.min.assignment.interval.ms":
    "The shortest assignment interval a consumer group may be configured to.",
  "group.consumer.max.assignment.interval.ms":
    "The longest assignment interval a consumer group may be configured to.",
  "group.consumer.regex.refresh.interval.ms":
    "How often regular expressions that groups subscribe to are looked up again.",
  "transaction.max.timeout.ms": "The longest transaction timeout a producer may ask for.",
  "transaction.state.log.num.partitions": "Partitions of __transaction_state.",
  "transaction.state.log.replication.factor": "Replicas of __transaction_state.",
  "transaction.state.log.min.isr": "The min.insync.replicas of __transaction_state.",
  "transaction.state.log.segment.bytes": "The segment size of __transaction_state.",
  "transactional.id.expiration.ms": "The time after which an idle transactional id is forgotten.",
  "transaction.partition.verification.enable":
    "Whether a producer that adds partitions to its transactions itself may only write where it has done so.",
  "transaction.abort.timed.out.transaction.cleanup.interval.ms":
    "How often transactions are looked for that have gone on for longer than their timeout.",
  "transaction.remove.expired.transaction.cleanup.interval.ms":
    "How often idle transactional ids are looked for.",
  "add.partitions.to.txn.retry.backoff.ms":
    "How long a write that begins a transaction waits before it asks again whether the one before has ended.",
  "add.partitions.to.txn.retry.backoff.max.ms":
    "How long a write that begins a transaction waits in all for the one before to end.",
  "share.coordinator.state.topic.num.partitions": "Partitions of __share_group_state.",
  "share.coordinator.state.topic.segment.bytes": "The segment size of __share_group_state.",
  "share.coordinator.state.topic.replication.factor": "Replicas of __share_group_state.",
  "share.coordinator.state.topic.min.isr": "The min.insync.replicas of __share_group_state.",
  "controller.quorum.voters": "The controllers of the cluster, as id@host:port.",
  "controller.quorum.bootstrap.servers": "Addresses where the cluster's controllers are found.",
  "num.network.threads": "Threads that read requests and write answers.",
  "num.io.threads": "Threads that handle requests.",
  "num.recovery.threads.per.data.dir": "Threads that load and recover logs, per log directory.",
  "socket.send.buffer.bytes": "The send buffer of a socket.",
  "socket.receive.buffer.bytes": "The receive buffer of a socket.",
  "houska.admin.port": "The port of metrics and health over HTTP; -1 for none, 0 for any that is free.",
  "houska.admin.host":
    "The address of the admin port: the machine's own unless said; empty for all interfaces.",
  "houska.published.host":
    "The host that a client is told which comes from the default gateway, as by a port that a container publishes, where none is advertised; empty for the container's address.",
  // groups
  "consumer.session.timeout.ms": "The time without a heartbeat after which a consumer is taken for dead.",
  "consumer.heartbeat.interval.ms": "How often consumers send heartbeats.",
  "consumer.assignment.interval.ms": "The shortest time between two assignments of the consumer group.",
  "consumer.assignor.offload.enable": "Whether assignments are computed aside of the coordinator.",
  "share.session.timeout.ms": "The time without a heartbeat after which a share consumer is taken for dead.",
  "share.heartbeat.interval.ms": "How often share consumers send heartbeats.",
  "share.record.lock.duration.ms": "How long a record stays with the share consumer it was handed to.",
  "share.delivery.count.limit": "How often a record is handed out before it is given up.",
  "share.partition.max.record.locks": "Records of a partition that may be handed out at a time.",
  "share.auto.offset.reset": "Where the group starts to read: earliest, latest, or a duration ago.",
  "share.isolation.level": "Whether the group sees records of transactions that are not committed.",
  "share.renew.acknowledge.enable": "Whether a share consumer may ask for more time with a record.",
  "share.assignment.interval.ms": "The shortest time between two assignments of the share group.",
  "share.assignor.offload.enable": "Whether assignments are computed aside of the coordinator.",
  "streams.session.timeout.ms":
    "The time without a heartbeat after which a streams member is taken for dead.",
  "streams.heartbeat.interval.ms": "How often streams members send heartbeats.",
  "streams.num.standby.replicas": "Standby copies of each task's state.",
  "streams.initial.rebalance.delay.ms": "How long the first assignment waits for more members.",
  "streams.assignment.interval.ms": "The shortest time between two assignments of the streams group.",
  "streams.assignor.offload.enable": "Whether assignments are computed aside of the coordinator.",
  "streams.task.offset.interval.ms": "How often members report how far their tasks have come.",
  "streams.num.warmup.replicas": "Copies of state that may warm up at a time.",
  "streams.rack.aware.assignment.tags": "Client tags over which standby copies are spread.",
  "streams.acceptable.recovery.lag": "How far behind a copy of state may be to count as caught up.",
  "streams.assignor.name": "The assignor that places the group's tasks.",
  "errors.deadletterqueue.topic.name": "The topic that takes records the share group gave up.",
  "errors.deadletterqueue.copy.record.enable":
    "Whether the dead letter queue gets the record itself or only its headers.",
};
