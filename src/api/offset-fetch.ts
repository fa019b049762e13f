/**
 * OffsetFetch (9). What groups have committed. Versions: 2 may ask for all topics, and tells errors of the group; 5 adds
 * the leader epoch (KIP-320); 6 is flexible; 7 may ask for stable offsets only (KIP-447); 8 asks for several groups
 * (KIP-709); 9 is for members of consumer groups too (KIP-848); 10 names topics by id (KIP-848).
 */
import { type FetchedGroup, type GroupOffsets, noOffset } from "../group/offsets/fetch.ts";
import { ErrorCode, type KafkaError } from "../protocol/errors.ts";
import { OffsetFetchRequest, OffsetFetchResponse } from "../protocol/messages/offset-fetch.ts";
import type { Decoded, Encodable } from "../protocol/schema.ts";
import { ZERO_UUID } from "../protocol/uuid.ts";
import { api } from "./api.ts";
import type { RequestContext } from "./context.ts";
import { answerElement } from "./elements.ts";

type Request = Decoded<typeof OffsetFetchRequest>;
type Response = Encodable<typeof OffsetFetchResponse>;
type Topic = NonNullable<FetchedGroup["topics"]>[number];

const FIRST_VERSION_WITH_GROUP_ERRORS = 2;
const FIRST_VERSION_WITH_SEVERAL_GROUPS = 8;
const FIRST_VERSION_WITH_TOPIC_IDS = 10;

export const offsetFetch = api(OffsetFetchRequest, OffsetFetchResponse, {
  handle: (request, context) =>
    inVersion(
      context,
      groupsOf(request, context).map((group) => fetch(group, request.requireStable, context)),
    ),
  fail: (request, error, context) =>
    inVersion(
      context,
      groupsOf(request, context).map((group) => failed(group, error, context)),
    ),
});

/** Before version 8 a request is about one group. */
function groupsOf({ groups, groupId, topics }: Request, { apiVersion }: RequestContext): FetchedGroup[] {
  if (apiVersion >= FIRST_VERSION_WITH_SEVERAL_GROUPS) return groups;
  const named = topics?.map((topic) => ({ ...topic, topicId: ZERO_UUID })) ?? null;
  return [{ groupId, memberId: null, memberEpoch: -1, topics: named }];
}

function inVersion({ apiVersion }: RequestContext, groups: GroupOffsets[]): Response {
  if (apiVersion >= FIRST_VERSION_WITH_SEVERAL_GROUPS) return { groups };
  const [group] = groups;
  const topics = group?.topics.map(({ name = "", partitions }) => ({ name, partitions })) ?? [];
  return { topics, errorCode: group?.errorCode ?? ErrorCode.NONE };
}

function fetch(group: FetchedGroup, requireStable: boolean, context: RequestContext): GroupOffsets {
  return answerElement(
    `OffsetFetch of ${group.groupId}`,
    context,
    () => {
      if (context.apiVersion < FIRST_VERSION_WITH_TOPIC_IDS) return ask(group, requireStable, context);
      if (group.topics === null) return withIds(ask(group, requireStable, context), context);
      const named = group.topics.map((topic) => ({ ...topic, name: nameOf(topic, context) }));
      const topics = named.filter(({ name }) => name !== "");
      const unknown = named.filter(({ name }) => name === "");
      const answer = ask({ ...group, topics }, requireStable, context);
      return {
        ...answer,
        topics: [...answer.topics, ...unknown.map((topic) => answered(topic, ErrorCode.UNKNOWN_TOPIC_ID))],
      };
    },
    (error) => failed(group, error, context),
  );
}

function ask(group: FetchedGroup, requireStable: boolean, { broker }: RequestContext): GroupOffsets {
  return broker.groups.fetchOffsets(group, requireStable);
}

function nameOf({ topicId }: Topic, { broker }: RequestContext): string {
  return broker.metadata.image.topicById(topicId)?.name ?? "";
}

/** The topics with their ids; those that are there no more can't be told. */
function withIds(answer: GroupOffsets, { broker }: RequestContext): GroupOffsets {
  const topics = answer.topics.flatMap((topic) => {
    const found = broker.metadata.image.topicByName(topic.name ?? "");
    return found === undefined ? [] : [{ ...topic, topicId: found.id }];
  });
  return { ...answer, topics };
}

/** Before version 2 an error is told of every partition. */
function failed(
  { groupId, topics }: FetchedGroup,
  { code }: KafkaError,
  { apiVersion }: RequestContext,
): GroupOffsets {
  if (apiVersion >= FIRST_VERSION_WITH_GROUP_ERRORS) return { groupId, topics: [], errorCode: code };
  return { groupId, topics: topics?.map((topic) => answered(topic, code)) ?? [], errorCode: code };
}

function answered(
  { topicId, name, partitionIndexes }: Topic,
  errorCode: number,
): GroupOffsets["topics"][number] {
  return { topicId, name, partitions: partitionIndexes.map((partition) => noOffset(partition, errorCode)) };
}
