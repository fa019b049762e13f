/** StreamsGroupTopologyDescriptionUpdate (93). Brings the description of a streams group's topology. */
import { array, int8, int16, int32, request, response, string, struct } from "../schema.ts";

export const StreamsGroupTopologyDescriptionUpdateRequest = request(
  "StreamsGroupTopologyDescriptionUpdateRequest",
  { key: 93, versions: "0", flexible: "0+" },
  () => ({
    groupId: string(),
    memberId: string(),
    topologyEpoch: int32(),
    topologyDescription: struct({
      subtopologies: array({
        subtopologyId: string(),
        nodes: array({
          name: string(),
          nodeType: int8(),
          sourceTopics: array(string()),
          sinkTopic: string({ nullable: "0+", default: null }),
          stores: array(string()),
          successors: array(string()),
        }),
      }),
      globalStores: array({
        source: struct({
          name: string(),
          nodeType: int8(),
          sourceTopics: array(string()),
          sinkTopic: string({ nullable: "0+", default: null }),
          stores: array(string()),
          successors: array(string()),
        }),
        processor: struct({
          name: string(),
          nodeType: int8(),
          sourceTopics: array(string()),
          sinkTopic: string({ nullable: "0+", default: null }),
          stores: array(string()),
          successors: array(string()),
        }),
      }),
    }),
  }),
);

export const StreamsGroupTopologyDescriptionUpdateResponse = response(
  "StreamsGroupTopologyDescriptionUpdateResponse",
  { key: 93, versions: "0", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+", default: null }),
  }),
);
