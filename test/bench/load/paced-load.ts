/**
 * Sends requests at a steady rate, over connections in turn, and measures how long each answer takes.
 *
 * What is measured begins when a request is handed to its socket, which waits for no answer: that the timers of this
 * process are up to a millisecond late is not the broker's doing, and a broker that is slow delays no later request.
 */
import { LoadConnection } from "./connection.ts";
import { checkProduced } from "./requests.ts";

export interface PacedLoad {
  readonly port: number;
  /** One for each connection. */
  readonly frames: readonly Buffer[];
  readonly perSecond: number;
  readonly seconds: number;
  /** Told when a request leaves, by its number. */
  readonly onSend?: (request: number, sentMs: number) => void;
  /** Throws at an answer that isn't right; if not said, the requests are produces. */
  readonly check?: (answer: Buffer) => void;
}

/** Milliseconds from when each request was sent to its answer. */
export async function sendPaced(load: PacedLoad): Promise<number[]> {
  const { check = checkProduced } = load;
  const latenciesMs: number[] = [];
  const requests = Math.round(load.perSecond * load.seconds);
  const sent: number[][] = load.frames.map(() => []);
  let done = () => {};
  let fail: (error: Error) => void = () => {};
  const finished = new Promise<void>((resolve, reject) => {
    done = resolve;
    fail = reject;
  });
  const connections = await Promise.all(load.frames.map(() => LoadConnection.connect(load.port)));
  for (const [index, connection] of connections.entries()) {
    connection.onFailure = fail;
    connection.onAnswer = (answer) => {
      check(answer);
      latenciesMs.push(performance.now() - (sent[index]?.shift() ?? Number.NaN));
      if (latenciesMs.length === requests) done();
    };
  }
  const started = performance.now();
  for (let request = 0; request < requests; ) {
    for (; request < requests; request++) {
      const now = performance.now();
      if (started + (request * 1000) / load.perSecond > now) break;
      const index = request % connections.length;
      sent[index]?.push(now);
      load.onSend?.(request, now);
      connections[index]?.send(load.frames[index] ?? Buffer.alloc(0));
    }
    await Bun.sleep(1);
  }
  await finished;
  for (const connection of connections) connection.close();
  return latenciesMs;
}
