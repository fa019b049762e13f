/**
 * ListGroups (16). The groups of this broker. Versions: 3 is flexible; 4 tells states and filters by them (KIP-518); 5
 * does so with types (KIP-848).
 */
import { ErrorCode } from "../protocol/errors.ts";
import { ListGroupsRequest, ListGroupsResponse } from "../protocol/messages/list-groups.ts";
import { api } from "./api.ts";

export const listGroups = api(ListGroupsRequest, ListGroupsResponse, {
  handle({ statesFilter, typesFilter }, { broker }) {
    const groups = broker.groups.listGroups({ states: statesFilter, types: typesFilter });
    return { errorCode: ErrorCode.NONE, groups };
  },
  fail: (_request, { code }) => ({ errorCode: code, groups: [] }),
});
