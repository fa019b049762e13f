/**
 * Sends requests at a steady rate, over connections in turn, and measures from when a request was due.
 */
import { LoadConnection } from "./connection.ts";
import { checkProduced } from "./requests.ts";

export interface PacedLoad {
  readonly port: number;
  /** One for each connection. */
  readonly frames: readonly Buffer[];
  readonly perSecond: number;
  readonly seconds: number;
  /** Told when a request has left, by its number. */
  readonly onSend?: (request: number, dueMs: number) => void;
}

/** Milliseconds from when each request was due to its answer. */
export async function producePaced(load: PacedLoad): Promise<number[]> {
  const latenciesMs: number[] = [];
  const requests = Math.round(load.perSecond * load.seconds);
  const due: number[][] = load.frames.map(() => []);
  let done = () => {};
  const finished = new Promise<void>((resolve) => {
    done = resolve;
  });
  const connections = await Promise.all(load.frames.map(() => LoadConnection.connect(load.port)));
  for (const [index, connection] of connections.entries()) {
    connection.onAnswer = (answer) => {
      checkProduced(answer);
      latenciesMs.push(performance.now() - (due[index]?.shift() ?? Number.NaN));
      if (latenciesMs.length === requests) done();
    };
  }
  const started = performance.now();
  for (let request = 0; request < requests; ) {
    for (; request < requests; request++) {
      const dueMs = started + (request * 1000) / load.perSecond;
      if (dueMs > performance.now()) break;
      const index = request % connections.length;
      due[index]?.push(dueMs);
      load.onSend?.(request, dueMs);
      connections[index]?.send(load.frames[index] ?? Buffer.alloc(0));
    }
    await Bun.sleep(1);
  }
  await finished;
  for (const connection of connections) connection.close();
  return latenciesMs;
}
