/**
 * DescribeAcls (29), CreateAcls (30), DeleteAcls (31). Rules of who may do what. There is no authorizer to follow any,
 * and so all three answer as Apache Kafka does without one. Versions: 1 knows patterns of names (KIP-290); 2 is
 * flexible; 3 knows users as resources (KIP-373).
 */
import { type ErrorCode, KafkaError } from "../protocol/errors.ts";
import { CreateAclsRequest, CreateAclsResponse } from "../protocol/messages/create-acls.ts";
import { DeleteAclsRequest, DeleteAclsResponse } from "../protocol/messages/delete-acls.ts";
import { DescribeAclsRequest, DescribeAclsResponse } from "../protocol/messages/describe-acls.ts";
import { api } from "./api.ts";
import { errorMessage } from "./error-message.ts";

export const describeAcls = api(DescribeAclsRequest, DescribeAclsResponse, {
  handle() {
    throw securityDisabled("No Authorizer is configured on the broker");
  },
  fail: (_request, error) => ({ throttleTimeMs: 0, ...told(error), resources: [] }),
});

export const createAcls = api(CreateAclsRequest, CreateAclsResponse, {
  handle() {
    throw securityDisabled("No Authorizer is configured.");
  },
  fail: ({ creations }, error) => ({ throttleTimeMs: 0, results: creations.map(() => told(error)) }),
});

export const deleteAcls = api(DeleteAclsRequest, DeleteAclsResponse, {
  handle() {
    throw securityDisabled("No Authorizer is configured.");
  },
  fail: ({ filters }, error) => ({
    throttleTimeMs: 0,
    filterResults: filters.map(() => ({ ...told(error), matchingAcls: [] })),
  }),
});

function securityDisabled(message: string): KafkaError {
  return new KafkaError("SECURITY_DISABLED", message);
}

function told(error: KafkaError): { errorCode: ErrorCode; errorMessage: string | null } {
  return { errorCode: error.code, errorMessage: errorMessage(error) };
}
