/** UnregisterController (94). Takes a controller out of the cluster. */
import { int16, int32, request, response, string } from "../schema.ts";

export const UnregisterControllerRequest = request(
  "UnregisterControllerRequest",
  { key: 94, versions: "0", flexible: "0+" },
  () => ({
    controllerId: int32(),
  }),
);

export const UnregisterControllerResponse = response(
  "UnregisterControllerResponse",
  { key: 94, versions: "0", flexible: "0+" },
  () => ({
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: "0+" }),
  }),
);
