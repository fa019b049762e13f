/** DeleteGroups (42). Deletes groups with their offsets (KIP-229). */
import { array, int16, int32, request, response, string } from "../schema.ts";

export const DeleteGroupsRequest = request(
  "DeleteGroupsRequest",
  { key: 42, versions: "0-3", flexible: "2+" },
  () => ({
    groupsNames: array(string()),
  }),
);

export const DeleteGroupsResponse = response(
  "DeleteGroupsResponse",
  { key: 42, versions: "0-3", flexible: "2+" },
  () => ({
    throttleTimeMs: int32(),
    results: array({
      groupId: string(),
      errorCode: int16(),
      errorMessage: string({ versions: "3+", nullable: "3+", default: null }),
    }),
  }),
);
