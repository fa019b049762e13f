/** DeleteTopics (20). Deletes topics. 6 also by id (KIP-516). */
import { array, int16, int32, request, response, string, uuid } from "../schema.ts";

export const DeleteTopicsRequest = request(
  "DeleteTopicsRequest",
  { key: 20, versions: "1-6", flexible: "4+" },
  () => ({
    topics: array(
      {
        name: string({ nullable: "6+", default: null }),
        topicId: uuid(),
      },
      { versions: "6+" },
    ),
    topicNames: array(string(), { versions: "1-5" }),
    timeoutMs: int32(),
  }),
);

export const DeleteTopicsResponse = response(
  "DeleteTopicsResponse",
  { key: 20, versions: "1-6", flexible: "4+" },
  () => ({
    throttleTimeMs: int32(),
    responses: array({
      name: string({ nullable: "6+" }),
      topicId: uuid({ versions: "6+" }),
      errorCode: int16(),
      errorMessage: string({ versions: "5+", nullable: "5+", default: null }),
    }),
  }),
);
