/**
 * A page by HTTP, from this machine. Not by `fetch`, which would ask a proxy that the environment names.
 */
import { get } from "node:http";

export interface Page {
  /** Whether the status says that all is well. */
  readonly isOk: boolean;
  readonly body: string;
}

/** Rejects when there is no answer within `timeoutMs`. */
export function httpGet(url: string, timeoutMs: number): Promise<Page> {
  return new Promise((resolve, reject) => {
    const request = get(url, { signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => {
        body += piece;
      });
      response.on("end", () => resolve({ isOk: response.statusCode === 200, body }));
      response.on("error", reject);
    });
    request.on("error", (error) => {
      reject(error.name === "AbortError" ? new Error(`no answer within ${timeoutMs} ms`) : error);
    });
  });
}
