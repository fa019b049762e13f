/**
 * What Kafka's clients call each error (the classes in org.apache.kafka.common.errors, 4.4.0), and what our tools say of
 * it where the broker has no words of its own.
 */
import type { ErrorName } from "../protocol/errors.ts";

/** Exceptions in Java that are called otherwise than their error. */
const irregularNames: Partial<Record<ErrorName, string>> = {
  UNKNOWN_SERVER_ERROR: "UnknownServerException",
  CORRUPT_MESSAGE: "CorruptRecordException",
  REQUEST_TIMED_OUT: "TimeoutException",
  MESSAGE_TOO_LARGE: "RecordTooLargeException",
  STALE_CONTROLLER_EPOCH: "ControllerMovedException",
  OFFSET_METADATA_TOO_LARGE: "OffsetMetadataTooLarge",
  NETWORK_EXCEPTION: "NetworkException",
  INVALID_TOPIC_EXCEPTION: "InvalidTopicException",
  RECORD_LIST_TOO_LARGE: "RecordBatchTooLargeException",
  TOPIC_AUTHORIZATION_FAILED: "TopicAuthorizationException",
  GROUP_AUTHORIZATION_FAILED: "GroupAuthorizationException",
  CLUSTER_AUTHORIZATION_FAILED: "ClusterAuthorizationException",
  TOPIC_ALREADY_EXISTS: "TopicExistsException",
  INVALID_CONFIG: "InvalidConfigurationException",
  OUT_OF_ORDER_SEQUENCE_NUMBER: "OutOfOrderSequenceException",
  DUPLICATE_SEQUENCE_NUMBER: "DuplicateSequenceException",
  INVALID_PRODUCER_ID_MAPPING: "InvalidPidMappingException",
  INVALID_TRANSACTION_TIMEOUT: "InvalidTxnTimeoutException",
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: "TransactionalIdAuthorizationException",
  KAFKA_STORAGE_ERROR: "KafkaStorageException",
  SASL_AUTHENTICATION_FAILED: "SaslAuthenticationException",
  DELEGATION_TOKEN_AUTH_DISABLED: "DelegationTokenDisabledException",
  DELEGATION_TOKEN_REQUEST_NOT_ALLOWED: "UnsupportedByAuthenticationException",
  DELEGATION_TOKEN_AUTHORIZATION_FAILED: "DelegationTokenAuthorizationException",
  NON_EMPTY_GROUP: "GroupNotEmptyException",
  PRINCIPAL_DESERIALIZATION_FAILURE: "PrincipalDeserializationException",
  FETCH_SESSION_TOPIC_ID_ERROR: "FetchSessionTopicIdException",
  INVALID_REGULAR_EXPRESSION: "InvalidRegularExpression",
};

const words: Partial<Record<ErrorName, string>> = {
  CLUSTER_AUTHORIZATION_FAILED: "The cluster doesn't allow that to this user.",
  CONCURRENT_TRANSACTIONS: "The last transaction of this id is still being ended.",
  COORDINATOR_LOAD_IN_PROGRESS: "The coordinator is still reading its log.",
  COORDINATOR_NOT_AVAILABLE: "There is no coordinator at the moment.",
  CORRUPT_MESSAGE: "The records don't have the checksum that they say, or can't be taken for another reason.",
  ELECTION_NOT_NEEDED: "The partition has the leader that it should have.",
  FENCED_INSTANCE_ID: "Another member has this group instance id by now.",
  FENCED_LEADER_EPOCH: "The leader epoch is one that has ended.",
  GROUP_AUTHORIZATION_FAILED: "This user may not use the group.",
  GROUP_ID_NOT_FOUND: "There is no such group.",
  GROUP_SUBSCRIBED_TO_TOPIC: "Members of the group are subscribed to the topic.",
  ILLEGAL_GENERATION: "The group is in another generation.",
  INVALID_CONFIG: "A config has a value that it can't have.",
  INVALID_GROUP_ID: "A group can't have this id.",
  INVALID_PARTITIONS: "A topic can't have this number of partitions.",
  INVALID_PRODUCER_EPOCH: "Another producer has taken over with a later epoch.",
  INVALID_REPLICATION_FACTOR: "There can't be this number of replicas.",
  INVALID_REQUEST: "The broker can't make sense of the request.",
  INVALID_TOPIC_EXCEPTION: "A topic can't have this name, or nothing can be done to it.",
  INVALID_TXN_STATE: "The transaction isn't in a state in which that can be done.",
  KAFKA_STORAGE_ERROR: "The broker's disk failed; its log says more.",
  LEADER_NOT_AVAILABLE: "The partition has no leader at the moment.",
  LOG_DIR_NOT_FOUND: "The broker has no such log directory.",
  MESSAGE_TOO_LARGE: "The records are larger than the topic allows.",
  NON_EMPTY_GROUP: "The group has members.",
  NOT_COORDINATOR: "Another broker is the coordinator.",
  NOT_CONTROLLER: "Another broker is the controller.",
  NOT_ENOUGH_REPLICAS: "Fewer replicas are in sync than the topic demands.",
  NOT_LEADER_OR_FOLLOWER: "The broker has no replica of the partition that could answer.",
  NO_REASSIGNMENT_IN_PROGRESS: "The partition isn't being reassigned.",
  OFFSET_OUT_OF_RANGE: "The partition has no such offset.",
  PRODUCER_FENCED: "Another producer with the same transactional id has taken over.",
  REBALANCE_IN_PROGRESS: "The group is rebalancing.",
  REQUEST_TIMED_OUT: "The broker could not do it in the time it was given.",
  RESOURCE_NOT_FOUND: "There is no such thing.",
  SECURITY_DISABLED: "The broker has no authorizer.",
  TOPIC_ALREADY_EXISTS: "There is a topic of that name.",
  TOPIC_AUTHORIZATION_FAILED: "This user may not use the topic.",
  TRANSACTIONAL_ID_NOT_FOUND: "There is no such transactional id.",
  TRANSACTION_ABORTABLE: "The transaction can't go on; it can be aborted.",
  UNKNOWN_MEMBER_ID: "The group has no such member.",
  UNKNOWN_SERVER_ERROR: "Something went wrong in the broker; its log says more.",
  UNKNOWN_TOPIC_ID: "There is no topic with this id.",
  UNKNOWN_TOPIC_OR_PARTITION: "There is no such topic or partition.",
  UNSUPPORTED_VERSION: "The broker doesn't serve this version of the request.",
};

/** The name of the exception in Java, and words for a person. */
export function exceptionOf(error: Exclude<ErrorName, "NONE">): {
  readonly name: string;
  readonly text: string;
} {
  return {
    name: irregularNames[error] ?? regularName(error),
    text: words[error] ?? `The broker answers ${error}.`,
  };
}

/** `OFFSET_OUT_OF_RANGE` is OffsetOutOfRangeException. */
function regularName(error: string): string {
  const parts = error.split("_").map((part) => part.charAt(0) + part.slice(1).toLowerCase());
  return `${parts.join("")}Exception`;
}
