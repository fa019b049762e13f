/** ConsumerGroupRegularExpression. The topics that a regular expression stands for (KIP-848). */
import { array, int64, record, string } from "../schema.ts";

export const ConsumerGroupRegularExpressionKey = record(
  "ConsumerGroupRegularExpressionKey",
  { id: 16, versions: "0", flexible: "none" },
  () => ({
    groupId: string(),
    regularExpression: string(),
  }),
);

export const ConsumerGroupRegularExpressionValue = record(
  "ConsumerGroupRegularExpressionValue",
  { id: 16, versions: "0", flexible: "0+" },
  () => ({
    topics: array(string()),
    version: int64(),
    timestamp: int64(),
  }),
);
