/** ConsumerProtocolAssignment. The partitions that a member of a classic group gets. */
import { array, bytes, data, int32, string } from "../schema.ts";

export const ConsumerProtocolAssignment = data(
  "ConsumerProtocolAssignment",
  { versions: "0-3", flexible: "none" },
  () => ({
    assignedPartitions: array({
      topic: string(),
      partitions: array(int32()),
    }),
    userData: bytes({ nullable: "0+", default: null }),
  }),
);
