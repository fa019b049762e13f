/** Headers. What stands before each request and each response. ApiVersions answers with header 0 in every version, since its reader may not know the newer one yet (KIP-511). */
import { header, int16, int32, string } from "../schema.ts";

export const RequestHeader = header("RequestHeader", { versions: "1-2", flexible: "2+" }, () => ({
  requestApiKey: int16(),
  requestApiVersion: int16(),
  correlationId: int32(),
  clientId: string({ nullable: "1+", plain: true }),
}));

export const ResponseHeader = header("ResponseHeader", { versions: "0-1", flexible: "1+" }, () => ({
  correlationId: int32(),
}));
