/** StreamsGroupDescribe (89). What streams groups look like from inside (KIP-1071). */
import {
  array,
  boolean,
  int8,
  int16,
  int32,
  int64,
  request,
  response,
  string,
  struct,
  uint16,
} from "../schema.ts";

export const StreamsGroupDescribeRequest = request(
  "StreamsGroupDescribeRequest",
  { key: 89, versions: "0-1", flexible: "0+" },
  () => ({
    groupIds: array(string()),
    includeAuthorizedOperations: boolean(),
    includeTopologyDescription: boolean({ versions: "1+" }),
  }),
);

export const StreamsGroupDescribeResponse = response(
  "StreamsGroupDescribeResponse",
  { key: 89, versions: "0-1", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    groups: array({
      errorCode: int16(),
      errorMessage: string({ nullable: "0+", default: null }),
      groupId: string(),
      groupState: string(),
      groupEpoch: int32(),
      assignmentEpoch: int32(),
      topology: struct(
        {
          epoch: int32(),
          subtopologies: array(
            {
              subtopologyId: string(),
              sourceTopics: array(string()),
              repartitionSinkTopics: array(string()),
              stateChangelogTopics: array({
                name: string(),
                partitions: int32(),
                replicationFactor: int16(),
                topicConfigs: array({
                  key: string(),
                  value: string(),
                }),
              }),
              repartitionSourceTopics: array({
                name: string(),
                partitions: int32(),
                replicationFactor: int16(),
                topicConfigs: array({
                  key: string(),
                  value: string(),
                }),
              }),
            },
            { nullable: "0+", default: null },
          ),
        },
        { nullable: "0+", default: null },
      ),
      members: array({
        memberId: string(),
        memberEpoch: int32(),
        instanceId: string({ nullable: "0+", default: null }),
        rackId: string({ nullable: "0+", default: null }),
        clientId: string(),
        clientHost: string(),
        topologyEpoch: int32(),
        processId: string(),
        userEndpoint: struct(
          {
            host: string(),
            port: uint16(),
          },
          { nullable: "0+", default: null },
        ),
        clientTags: array({
          key: string(),
          value: string(),
        }),
        taskOffsets: array({
          subtopologyId: string(),
          partition: int32(),
          offset: int64(),
        }),
        taskEndOffsets: array({
          subtopologyId: string(),
          partition: int32(),
          offset: int64(),
        }),
        assignment: struct({
          activeTasks: array({
            subtopologyId: string(),
            partitions: array(int32()),
          }),
          standbyTasks: array({
            subtopologyId: string(),
            partitions: array(int32()),
          }),
          warmupTasks: array({
            subtopologyId: string(),
            partitions: array(int32()),
          }),
        }),
        targetAssignment: struct({
          activeTasks: array({
            subtopologyId: string(),
            partitions: array(int32()),
          }),
          standbyTasks: array({
            subtopologyId: string(),
            partitions: array(int32()),
          }),
          warmupTasks: array({
            subtopologyId: string(),
            partitions: array(int32()),
          }),
        }),
        isClassic: boolean(),
      }),
      authorizedOperations: int32({ default: -2147483648 }),
      topologyDescription: struct(
        {
          subtopologies: array({
            subtopologyId: string(),
            nodes: array({
              name: string(),
              nodeType: int8(),
              sourceTopics: array(string()),
              sinkTopic: string({ nullable: "1+", default: null }),
              stores: array(string()),
              successors: array(string()),
            }),
          }),
          globalStores: array({
            source: struct({
              name: string(),
              nodeType: int8(),
              sourceTopics: array(string()),
              sinkTopic: string({ nullable: "1+", default: null }),
              stores: array(string()),
              successors: array(string()),
            }),
            processor: struct({
              name: string(),
              nodeType: int8(),
              sourceTopics: array(string()),
              sinkTopic: string({ nullable: "1+", default: null }),
              stores: array(string()),
              successors: array(string()),
            }),
          }),
        },
        { versions: "1+", nullable: "1+", default: null },
      ),
      topologyDescriptionStatus: int8({ versions: "1+" }),
      assignorName: string({ versions: "1+", nullable: "1+", default: null }),
    }),
  }),
);
