/**
 * DeleteGroups (42). Deletes groups without members, with their offsets (KIP-229). Versions: 2 is flexible; 3 may bring
 * a message with an error.
 */
import { DeleteGroupsRequest, DeleteGroupsResponse } from "../protocol/messages/delete-groups.ts";
import type { Encodable } from "../protocol/schema.ts";
import { api } from "./api.ts";
import type { RequestContext } from "./context.ts";
import { asKafkaError } from "./unexpected.ts";

type Result = Encodable<typeof DeleteGroupsResponse>["results"][number];

export const deleteGroups = api(DeleteGroupsRequest, DeleteGroupsResponse, {
  async handle({ groupsNames }, context) {
    const results = [...new Set(groupsNames)].map((groupId) => deleteGroup(groupId, context));
    return { throttleTimeMs: 0, results: await Promise.all(results) };
  },
  fail: ({ groupsNames }, { code }) => ({
    throttleTimeMs: 0,
    results: [...new Set(groupsNames)].map((groupId) => ({ groupId, errorCode: code })),
  }),
});

async function deleteGroup(groupId: string, context: RequestContext): Promise<Result> {
  try {
    return await context.broker.groups.deleteGroup(groupId);
  } catch (error) {
    return { groupId, errorCode: asKafkaError(error, `DeleteGroups of ${groupId}`, context).code };
  }
}
