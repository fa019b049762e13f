/** FindCoordinator (10). Who coordinates a group, a transactional id or a share partition. 4 asks for several keys (KIP-699); 6 adds share keys (KIP-932). */
import { array, int8, int16, int32, request, response, string } from "../schema.ts";

export const FindCoordinatorRequest = request(
  "FindCoordinatorRequest",
  { key: 10, versions: "0-6", flexible: "3+" },
  () => ({
    key: string({ versions: "0-3" }),
    keyType: int8({ versions: "1+" }),
    coordinatorKeys: array(string(), { versions: "4+" }),
  }),
);

export const FindCoordinatorResponse = response(
  "FindCoordinatorResponse",
  { key: 10, versions: "0-6", flexible: "3+" },
  () => ({
    throttleTimeMs: int32({ versions: "1+" }),
    coordinators: array(
      {
        key: string(),
        nodeId: int32(),
        host: string(),
        port: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: "4+" }),
      },
      { versions: "4+" },
    ),
    errorCode: int16({ versions: "0-3" }),
    errorMessage: string({ versions: "1-3", nullable: "1-3" }),
    nodeId: int32({ versions: "0-3" }),
    host: string({ versions: "0-3" }),
    port: int32({ versions: "0-3" }),
  }),
);
