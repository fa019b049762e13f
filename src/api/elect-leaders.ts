/**
 * ElectLeaders (43). Elections that somebody asks for: of preferred leaders, or of leaders that may have lost records
 * (KIP-460). Versions: 1 knows unclean elections. Each partition answers for itself; the controller does the work.
 */
import { ElectionType } from "../metadata/controller/requested-elections.ts";
import { ErrorCode } from "../protocol/errors.ts";
import { ElectLeadersRequest, ElectLeadersResponse } from "../protocol/messages/elect-leaders.ts";
import { api } from "./api.ts";
import { errorMessage } from "./error-message.ts";

const FIRST_VERSION_WITH_TYPES = 1;

export const electLeaders = api(ElectLeadersRequest, ElectLeadersResponse, {
  handle({ electionType, topicPartitions }, { apiVersion, broker }) {
    const type = apiVersion < FIRST_VERSION_WITH_TYPES ? ElectionType.preferred : electionType;
    const results = broker.metadata.controller.electLeaders(type, topicPartitions);
    return {
      throttleTimeMs: 0,
      errorCode: ErrorCode.NONE,
      replicaElectionResults: results.map(({ topic, partitions }) => ({
        topic,
        partitionResult: partitions.map(({ partition, error }) => ({
          partitionId: partition,
          errorCode: error?.code ?? ErrorCode.NONE,
          errorMessage: errorMessage(error),
        })),
      })),
    };
  },
  fail: ({ topicPartitions }, error) => ({
    throttleTimeMs: 0,
    errorCode: error.code,
    replicaElectionResults: (topicPartitions ?? []).map(({ topic, partitions }) => ({
      topic,
      partitionResult: partitions.map((partitionId) => ({
        partitionId,
        errorCode: error.code,
        errorMessage: errorMessage(error),
      })),
    })),
  }),
});
