/**
 * The compiled broker as a process of its own, for tests that meet it as its users do.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The executable under test. */
export const executable =
  process.env.HOUSKA_EXECUTABLE ?? join(import.meta.dir, "..", "..", "dist", "houska");

const START_DEADLINE_MS = 20_000;

export interface BrokerProcess {
  readonly port: number;
  /** Where `log.dirs` points. */
  readonly logDirectory: string;
  readonly pid: number;
  /** All that it has printed so far. */
  output(): string;
  /** Sends SIGTERM and waits; resolves to the exit code. */
  stop(): Promise<number>;
  /** Sends SIGKILL and waits. */
  kill(): Promise<void>;
  /** Resolves to the exit code. */
  readonly exited: Promise<number>;
}

interface Options {
  /** An existing log directory; a new temporary one otherwise. */
  readonly logDirectory?: string;
  /** The port to wait for, where `properties` has listeners of its own. */
  readonly port?: number;
  /** More for the environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** More lines for server.properties. */
  readonly properties?: Readonly<Record<string, string | number>>;
  /** Told of the process as soon as there is one. */
  readonly spawned?: (pid: number) => void;
}

/** A folder that goes away with `removeTemporaryFolders`. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "houska-test-"));
  temporaryFolders.push(folder);
  return folder;
}
const temporaryFolders: string[] = [];

/** Removes what `temporaryFolder` has made: for `afterAll`. */
export function removeTemporaryFolders(): void {
  for (const folder of temporaryFolders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A port of the loopback address that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Starts a broker on a port and a log directory of its own, and waits until it accepts connections and has said how to
 * connect.
 */
export async function startBroker(options: Options = {}): Promise<BrokerProcess> {
  const port = options.port ?? (await freePort());
  const folder = temporaryFolder();
  const logDirectory = options.logDirectory ?? join(folder, "data");
  const properties = {
    "process.roles": "broker,controller",
    "node.id": 1,
    listeners: `PLAINTEXT://127.0.0.1:${port}`,
    "log.dirs": logDirectory,
    "offsets.topic.replication.factor": 1,
    "group.initial.rebalance.delay.ms": 0,
    ...options.properties,
  };
  const file = join(folder, "server.properties");
  writeFileSync(
    file,
    Object.entries(properties)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(""),
  );
  const child = Bun.spawn([executable, file], {
    stdout: "pipe",
    stderr: "pipe",
    stdin: "ignore",
    env: { ...process.env, ...options.environment },
  });
  options.spawned?.(child.pid);
  const printed: string[] = [];
  collect(child.stdout, printed);
  collect(child.stderr, printed);
  const broker: BrokerProcess = {
    port,
    logDirectory,
    pid: child.pid,
    output: () => printed.join(""),
    exited: child.exited,
    stop() {
      child.kill("SIGTERM");
      return child.exited;
    },
    async kill() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
  await accepting(port, child.exited, broker);
  return broker;
}

async function collect(stream: ReadableStream<Uint8Array>, into: string[]): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of stream) into.push(decoder.decode(chunk, { stream: true }));
}

async function accepting(port: number, exited: Promise<number>, broker: BrokerProcess): Promise<void> {
  const gone = exited.then((code) => {
    throw new Error(`the broker ended with code ${code} while it was to start:\n${broker.output()}`);
  });
  gone.catch(() => {});
  const deadline = Date.now() + START_DEADLINE_MS;
  const isUp = async () => (await accepts(port)) && broker.output().includes("bootstrap.servers=");
  while (!(await Promise.race([isUp(), gone]))) {
    if (Date.now() > deadline) throw new Error(`nothing accepts on port ${port}:\n${broker.output()}`);
    await Bun.sleep(5);
  }
}

/** Whether something accepts connections on a port of the loopback address. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
