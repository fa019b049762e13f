/** RemoveTopicRecord. A topic has been deleted. */
import { record, uuid } from "../schema.ts";

export const RemoveTopicRecord = record(
  "RemoveTopicRecord",
  { id: 9, versions: "0", flexible: "0+" },
  () => ({
    topicId: uuid(),
  }),
);
