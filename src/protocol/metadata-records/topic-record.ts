/** TopicRecord. A topic exists. */
import { record, string, uuid } from "../schema.ts";

export const TopicRecord = record("TopicRecord", { id: 2, versions: "0", flexible: "0+" }, () => ({
  name: string(),
  topicId: uuid(),
}));
