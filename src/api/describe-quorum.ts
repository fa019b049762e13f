/**
 * DescribeQuorum (55). Who writes the metadata log, and how far everybody is (KIP-595): here one voter, which leads
 * and lags behind nobody. Versions: 1 tells when replicas fetched and caught up (KIP-836); 2 the voters' directories
 * and addresses (KIP-853).
 */
import { CLUSTER_METADATA_TOPIC } from "../metadata/controller/topic-names.ts";
import { ErrorCode } from "../protocol/errors.ts";
import { DescribeQuorumRequest, DescribeQuorumResponse } from "../protocol/messages/describe-quorum.ts";
import { api } from "./api.ts";
import type { BrokerParts } from "./context.ts";
import { errorMessage } from "./error-message.ts";

const METADATA_PARTITION = 0;

export const describeQuorum = api(DescribeQuorumRequest, DescribeQuorumResponse, {
  handle({ topics }, { broker }) {
    const { quorum } = broker.metadata;
    return {
      errorCode: ErrorCode.NONE,
      errorMessage: null,
      topics: topics.map(({ topicName, partitions }) => ({
        topicName,
        partitions: partitions.map(({ partitionIndex }) =>
          topicName === CLUSTER_METADATA_TOPIC && partitionIndex === METADATA_PARTITION
            ? quorumPartition(broker)
            : unknownPartition(partitionIndex),
        ),
      })),
      nodes: [{ nodeId: broker.config().nodeId, listeners: [...quorum.endpoints] }],
    };
  },
  fail: (_request, error) => ({
    errorCode: error.code,
    errorMessage: errorMessage(error),
    topics: [],
    nodes: [],
  }),
});

function quorumPartition({ config, clock, metadata: { quorum } }: BrokerParts) {
  const { nodeId } = config();
  const now = clock.now();
  return {
    partitionIndex: METADATA_PARTITION,
    errorCode: ErrorCode.NONE,
    errorMessage: null,
    leaderId: nodeId,
    leaderEpoch: quorum.leaderEpoch,
    highWatermark: quorum.endOffset,
    currentVoters: [
      {
        replicaId: nodeId,
        replicaDirectoryId: quorum.voterDirectoryId,
        logEndOffset: quorum.endOffset,
        lastFetchTimestamp: now,
        lastCaughtUpTimestamp: now,
      },
    ],
    observers: [],
  };
}

function unknownPartition(partitionIndex: number) {
  return {
    partitionIndex,
    errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
    errorMessage: null,
    leaderId: 0,
    leaderEpoch: 0,
    highWatermark: 0,
    currentVoters: [],
    observers: [],
  };
}
