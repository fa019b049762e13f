/**
 * What each record changes: the only way in which an image ever changes.
 */
import { MAX_METADATA_VERSION, METADATA_VERSION, MIN_METADATA_VERSION } from "../feature-levels.ts";
import type { RecordMessage, RecordName } from "../records.ts";
import type { ChangeSink } from "./change.ts";
import type { ImageParts } from "./cluster-image.ts";
import { ReplayError } from "./replay-error.ts";

type Replay<N extends RecordName> = (
  parts: ImageParts,
  message: RecordMessage<N>,
  change: ChangeSink,
) => void;

const nothing = (): void => undefined;

const replays: { readonly [N in RecordName]: Replay<N> } = {
  TopicRecord: ({ topics }, message, change) => topics.create(message, change),
  RemoveTopicRecord: ({ topics, configs }, message, change) => {
    configs.removeTopic(topics.remove(message, change).name);
  },
  PartitionRecord: ({ topics }, message, change) => topics.putPartition(message, change),
  PartitionChangeRecord: ({ topics }, message, change) => topics.changePartition(message, change),
  ClearElrRecord: ({ topics }, message) => topics.clearEligibleLeaders(message),
  ConfigRecord: ({ configs }, message, change) => configs.put(message, change),
  FeatureLevelRecord: putFeature,
  ProducerIdsRecord: takeProducerIds,

  RegisterBrokerRecord: ({ cluster }, message) => cluster.register(message),
  UnregisterBrokerRecord: ({ cluster }, message) => cluster.unregister(message),
  BrokerRegistrationChangeRecord: ({ cluster }, message) => cluster.change(message),
  FenceBrokerRecord: ({ cluster }, { id, epoch }) => cluster.setFenced("FenceBrokerRecord", id, epoch),
  UnfenceBrokerRecord: ({ cluster }, { id, epoch }) => cluster.setFenced("UnfenceBrokerRecord", id, epoch),
  RegisterControllerRecord: ({ cluster }, message) => cluster.registerController(message),
  UnregisterControllerRecord: ({ cluster }, message) => cluster.unregisterController(message),

  ClientQuotaRecord: (parts, message, change) => user(change, () => parts.quotas.put(message)),
  AccessControlEntryRecord: ({ security }, message, change) => user(change, () => security.putAcl(message)),
  RemoveAccessControlEntryRecord: ({ security }, message, change) =>
    user(change, () => security.removeAcl(message)),
  UserScramCredentialRecord: ({ security }, message, change) =>
    user(change, () => security.putScram(message)),
  RemoveUserScramCredentialRecord: ({ security }, message, change) =>
    user(change, () => security.removeScram(message)),
  DelegationTokenRecord: ({ security }, message, change) => user(change, () => security.putToken(message)),
  RemoveDelegationTokenRecord: ({ security }, message, change) =>
    user(change, () => security.removeToken(message)),

  NoOpRecord: nothing,
  ZkMigrationStateRecord: nothing,
  // These say when the records between them are to be replayed: transactions.ts sees to it.
  BeginTransactionRecord: nothing,
  EndTransactionRecord: nothing,
  AbortTransactionRecord: nothing,
};

/**
 * Applies one record, and tells `change` what it has changed.
 *
 * @throws ReplayError when the record contradicts those before it
 */
export function replay<N extends RecordName>(
  parts: ImageParts,
  record: { readonly name: N; readonly message: RecordMessage<N> },
  change: ChangeSink,
): void {
  replays[record.name](parts, record.message, change);
}

function user(change: ChangeSink, apply: () => void): void {
  apply();
  change.securityChanged();
}

function putFeature(
  { features }: ImageParts,
  message: RecordMessage<"FeatureLevelRecord">,
  change: ChangeSink,
): void {
  const { name, featureLevel } = message;
  const known = featureLevel >= MIN_METADATA_VERSION && featureLevel <= MAX_METADATA_VERSION;
  if (name === METADATA_VERSION && !known) {
    throw new ReplayError(
      `metadata.version is ${featureLevel}, and only ${MIN_METADATA_VERSION} to ${MAX_METADATA_VERSION} are known`,
    );
  }
  features.put(message, change);
}

function takeProducerIds(parts: ImageParts, { nextProducerId }: RecordMessage<"ProducerIdsRecord">): void {
  if (nextProducerId <= parts.nextProducerId) {
    throw new ReplayError(
      `producer ids up to ${nextProducerId} are handed out after those up to ${parts.nextProducerId}`,
    );
  }
  parts.nextProducerId = nextProducerId;
}
