/** DescribeLogDirs (35). What lies in a broker's log directories (KIP-113). 4 adds total and usable space (KIP-827). */
import { array, boolean, int16, int32, int64, request, response, string } from "../schema.ts";

export const DescribeLogDirsRequest = request(
  "DescribeLogDirsRequest",
  { key: 35, versions: "1-5", flexible: "2+" },
  () => ({
    topics: array(
      {
        topic: string(),
        partitions: array(int32()),
      },
      { nullable: "1+" },
    ),
  }),
);

export const DescribeLogDirsResponse = response(
  "DescribeLogDirsResponse",
  { key: 35, versions: "1-5", flexible: "2+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16({ versions: "3+" }),
    results: array({
      errorCode: int16(),
      logDir: string(),
      topics: array({
        name: string(),
        partitions: array({
          partitionIndex: int32(),
          partitionSize: int64(),
          offsetLag: int64(),
          isFutureKey: boolean(),
        }),
      }),
      totalBytes: int64({ versions: "4+", default: -1n }),
      usableBytes: int64({ versions: "4+", default: -1n }),
      isCordoned: boolean({ versions: "5+" }),
    }),
  }),
);
