/**
 * Produces as fast as the broker takes it: a few requests under way on each connection, until enough was acknowledged.
 */
import { LoadConnection } from "./connection.ts";
import { checkProduced } from "./requests.ts";

export interface ProduceLoad {
  readonly port: number;
  /** Sent in turn, by all connections. */
  readonly frames: readonly Buffer[];
  /** So many new ones, or these, which are left open. */
  readonly connections: number | readonly LoadConnection[];
  /** Requests under way on a connection. */
  readonly inFlight: number;
  /** Requests to send in all. */
  readonly requests: number;
  /** Throws at an answer that isn't right; if not said, the requests are produces. */
  readonly check?: (answer: Buffer) => void;
}

export interface LoadResult {
  readonly seconds: number;
  /** From sending to the answer, of each request. */
  readonly latenciesMs: number[];
  /** Bytes of requests or, of a fetch, of records. */
  readonly bytes: number;
}

/** Opens so many connections. */
export function connect(port: number, count: number): Promise<LoadConnection[]> {
  return Promise.all(Array.from({ length: count }, () => LoadConnection.connect(port)));
}

/** Sends the load and resolves when all of it is acknowledged. */
export async function produce(load: ProduceLoad): Promise<LoadResult> {
  const { port, check = checkProduced } = load;
  const isOwn = typeof load.connections === "number";
  const connections =
    typeof load.connections === "number" ? await connect(port, load.connections) : load.connections;
  const latenciesMs: number[] = [];
  let sent = 0;
  let bytes = 0;
  const started = performance.now();
  await new Promise<void>((resolve, reject) => {
    const sendOn = (connection: LoadConnection, times: number[]) => {
      const frame = load.frames[sent % load.frames.length];
      if (frame === undefined || sent === load.requests) return;
      sent++;
      bytes += frame.length;
      times.push(performance.now());
      connection.send(frame);
    };
    for (const connection of connections) {
      const times: number[] = [];
      connection.onFailure = reject;
      connection.onAnswer = (answer) => {
        try {
          check(answer);
        } catch (error) {
          reject(error);
        }
        latenciesMs.push(performance.now() - (times.shift() ?? Number.NaN));
        if (latenciesMs.length === load.requests) resolve();
        sendOn(connection, times);
      };
      for (let count = 0; count < load.inFlight; count++) sendOn(connection, times);
    }
  });
  const seconds = (performance.now() - started) / 1000;
  if (isOwn) for (const connection of connections) connection.close();
  return { seconds, latenciesMs, bytes };
}
