/** ListGroups (16). The groups of this broker. 4 filters by state (KIP-518), 5 by type (KIP-848). */
import { array, int16, int32, request, response, string } from "../schema.ts";

export const ListGroupsRequest = request(
  "ListGroupsRequest",
  { key: 16, versions: "0-5", flexible: "3+" },
  () => ({
    statesFilter: array(string(), { versions: "4+" }),
    typesFilter: array(string(), { versions: "5+" }),
  }),
);

export const ListGroupsResponse = response(
  "ListGroupsResponse",
  { key: 16, versions: "0-5", flexible: "3+" },
  () => ({
    throttleTimeMs: int32({ versions: "1+" }),
    errorCode: int16(),
    groups: array({
      groupId: string(),
      protocolType: string(),
      groupState: string({ versions: "4+" }),
      groupType: string({ versions: "5+" }),
    }),
  }),
);
