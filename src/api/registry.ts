/**
 * Every API that Houska serves. What isn't here isn't advertised.
 */
import type { ApiTable } from "./api.ts";
import { apiVersions } from "./api-versions.ts";

export const apis: ApiTable = new Map([apiVersions].map((api) => [api.key, api]));
