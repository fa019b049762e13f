/**
 * Runs containers of the image without a container engine: namespaces for processes, mounts and network, a root file
 * system of layers, volumes, published ports, commands run beside the first one.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { dirname, join } from "node:path";
import { temporaryFolder } from "../support/broker-process.ts";
import { eventually } from "../support/eventually.ts";
import { runProgram } from "../support/program-run.ts";
import type { Image } from "./layers.ts";
import { deviceFiles, overlay, quoted } from "./mounts.ts";

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/** The line before the container's first process, with the time in nanoseconds since 1970. */
const STARTED = /^container started at (\d+)$/m;

export interface ContainerOptions {
  /** What is run, instead of the image's own command. */
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** `uid:gid`, instead of the image's own user. */
  readonly user?: string;
  /** Folders and files to put in the container, by their place there; those that the image declares are new ones otherwise. */
  readonly volumes?: Readonly<Record<string, string>>;
  /** Whether only the volumes may be written to. */
  readonly readOnly?: boolean;
  /** Other names that the container has in its network. */
  readonly aliases?: readonly string[];
}

export interface Executed {
  readonly code: number;
  readonly output: string;
  readonly milliseconds: number;
}

/** No container is left behind by tests that are stopped in the middle. A change of the user would make it forget that. */
const untilParentDies = ["setpriv", "--pdeathsig=KILL"];
const namespaces = ["--mount", "--pid", "--net", "--uts", "--ipc"];

/** The image's user. */
const APPUSER = "1000:1000";
const containers = new Set<Container>();

/** Ends all containers that still run: for `afterAll`. */
export async function killContainers(): Promise<void> {
  for (const container of [...containers]) await container.kill();
}

/** A folder to be a volume, which belongs to the image's user as those do that an engine makes. */
export function newVolume(owner = APPUSER): string {
  const folder = temporaryFolder();
  Bun.spawnSync(["chown", owner, folder]);
  return folder;
}

export class Container {
  readonly hostname = crypto.randomUUID().slice(0, 12);
  private readonly folder = temporaryFolder();
  /** Four addresses of those that are set aside for tests of networks. */
  private readonly network = `198.${18 + random(2)}.${random(256)}.${random(64) * 4}`;
  private readonly printed: string[] = [];
  private readonly process: Bun.Subprocess<"ignore", "pipe", "pipe">;
  private readonly servers: Server[] = [];
  private readonly user: string;

  private constructor(image: Image, options: ContainerOptions) {
    this.user = options.user ?? APPUSER;
    const script = join(this.folder, "enter.sh");
    writeFileSync(script, this.script(image, options));
    this.process = Bun.spawn(
      [...untilParentDies, "unshare", ...namespaces, "--fork", "--kill-child=KILL", "bash", script],
      { stdout: "pipe", stderr: "pipe", stdin: "ignore", env: { PATH } },
    );
    containers.add(this);
    this.process.exited.then(() => containers.delete(this));
    for (const stream of [this.process.stdout, this.process.stderr]) this.collect(stream);
  }

  /** Starts one; it has its address when this resolves. */
  static async start(image: Image, options: ContainerOptions = {}): Promise<Container> {
    const container = new Container(image, options);
    await container.joinNetwork();
    return container;
  }

  /** The container's own address; the machine's is the one before it. */
  get address(): string {
    return neighbour(this.network, 2);
  }

  /** All that it has printed so far. */
  output(): string {
    return this.printed.join("");
  }

  /** Resolves to the first process's exit code. */
  get exited(): Promise<number> {
    return this.process.exited;
  }

  /** Waits until lines that match have been printed so often. */
  async waitFor(line: RegExp, times = 1): Promise<void> {
    await eventually(() => {
      const count = this.count(line);
      if (count >= times) return;
      throw new Error(`${line} came ${count} times in the output of the container:\n${this.output()}`);
    });
  }

  /** How many lines match. */
  count(line: RegExp): number {
    return this.output()
      .split("\n")
      .filter((one) => line.test(one)).length;
  }

  /** From a moment, the start of the container's first process if not said, to the line by the time that it says itself. */
  millisecondsTo(line: RegExp, fromMs = Number(STARTED.exec(this.output())?.[1]) / 1e6): number {
    const found = this.output()
      .split("\n")
      .find((one) => line.test(one));
    const [, day, time] = /^\[(\S+) (\S+)\]/.exec(found ?? "") ?? [];
    return Math.round(Date.parse(`${day}T${time?.replace(",", ".")}Z`) - fromMs);
  }

  /** Runs a command in the container, as its user. */
  async run(...command: readonly string[]): Promise<Executed> {
    const [uid = "", gid = ""] = this.user.split(":");
    const from = performance.now();
    const target = ["--target", `${this.firstProcess()}`, "--all", "--root", "--wd"];
    const { code, output, complaint } = await runProgram(
      ["nsenter", ...target, "-S", uid, "-G", gid, ...command],
      { env: { PATH } },
    );
    return { code, output: output + complaint, milliseconds: performance.now() - from };
  }

  /** Puts a file into the container, as root does it from outside. Nobody sees half of it. */
  copyIn(path: string, content: string, mode: number): void {
    const outside = `/proc/${this.firstProcess()}/root${path}`;
    writeFileSync(`${outside}.new`, content, { mode });
    renameSync(`${outside}.new`, outside);
  }

  /** Makes a port of the container's one of the machine's loopback address, and resolves to its number there. */
  async publish(port: number): Promise<number> {
    const server = createServer((client) => {
      const inside = connect(port, this.address);
      client.pipe(inside).pipe(client);
      for (const [one, other] of [
        [client, inside],
        [inside, client],
      ] as const) {
        one.on("error", () => other.destroy());
        one.on("close", () => other.destroy());
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.servers.push(server);
    const bound = server.address();
    if (bound === null || typeof bound === "string") throw new Error("no port could be published");
    return bound.port;
  }

  /** Asks the first process to end, as engines do, and resolves to its exit code. */
  async stop(): Promise<number> {
    process.kill(this.firstProcess(), "SIGTERM");
    const code = await this.process.exited;
    this.gone();
    return code;
  }

  /** Ends all its processes, and is done when they are gone. */
  async kill(): Promise<void> {
    process.kill(this.firstProcess(), "SIGKILL");
    await this.process.exited;
    this.gone();
  }

  private gone(): void {
    containers.delete(this);
    for (const server of this.servers) server.close();
  }

  private async collect(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) this.printed.push(decoder.decode(chunk, { stream: true }));
  }

  /** The process that is number 1 inside, by the number it has outside. */
  private firstProcess(): number {
    const { pid } = this.process;
    const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ");
    if (!child) throw new Error(`the container has ended:\n${this.output()}`);
    return Number(child);
  }

  /** A cable between the machine and the container. */
  private async joinNetwork(): Promise<void> {
    const { pid } = this.process;
    await eventually(() => {
      if (readlinkSync(`/proc/${pid}/ns/net`) === readlinkSync("/proc/self/ns/net"))
        throw new Error("no network");
    });
    const end = `hk${this.hostname.slice(0, 8)}`;
    for (const words of [
      `link add ${end} type veth peer name eth0 netns ${pid}`,
      `address add ${neighbour(this.network, 1)}/30 dev ${end}`,
      `link set ${end} up`,
    ]) {
      const { exitCode, stderr } = Bun.spawnSync(["ip", ...words.split(" ")]);
      if (exitCode !== 0) throw new Error(`ip ${words}: ${stderr}`);
    }
    await this.waitFor(STARTED);
    await eventually(() => {
      if (isSameFile(`/proc/${this.firstProcess()}/root`, "/"))
        throw new Error("it sees the machine's files");
    });
  }

  private script(image: Image, options: ContainerOptions): string {
    const inFolder = (name: string) => {
      const path = join(this.folder, name);
      mkdirSync(path);
      return path;
    };
    const [mounted, changes, work] = [inFolder("root"), inFolder("changes"), inFolder("work")];
    const environment = {
      PATH,
      HOSTNAME: this.hostname,
      HOME: image.workingDirectory,
      ...options.environment,
    };
    const [uid, gid] = this.user.split(":");
    const first = [
      ...["chroot", mounted, ...untilParentDies, `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"],
      ...["env", "-i", "-C", image.workingDirectory],
      ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
      ...(options.command ?? image.command),
    ];
    return [
      "set -e",
      overlay(image.layers, changes, work, mounted),
      deviceFiles(mounted),
      ...this.volumes(image, options).map(
        ([path, folder]) =>
          `mkdir -p ${quoted(dirname(mounted + path))} && { [ ! -d ${quoted(folder)} ] || mkdir -p ${quoted(mounted + path)}; }\n` +
          `mount --bind ${quoted(folder)} ${quoted(mounted + path)}`,
      ),
      `hostname ${this.hostname}`,
      `printf '127.0.0.1 localhost\\n::1 localhost\\n%s %s\\n' ${this.address} ${quoted([this.hostname, ...(options.aliases ?? [])].join(" "))} >${quoted(`${mounted}/etc/hosts`)}`,
      ...(options.readOnly ? [`mount -o remount,ro ${quoted(mounted)}`] : []),
      "until ip link show eth0 >/dev/null 2>&1; do sleep 0.01; done",
      "ip link set lo up",
      `ip address add ${this.address}/30 dev eth0`,
      "ip link set eth0 up",
      `ip route add default via ${neighbour(this.network, 1)}`,
      "echo container started at $(date +%s%N)",
      `exec ${first.map(quoted).join(" ")}`,
    ].join("\n");
  }

  /** What is mounted where. A volume that is new gets what the image has there. */
  private volumes(image: Image, options: ContainerOptions): [string, string][] {
    const declared = image.volumes
      .filter((path) => options.volumes?.[path] === undefined)
      .map((path): [string, string] => {
        const folder = newVolume();
        const contents = image.layers.map((layer) => layer + path).filter((place) => existsSync(place));
        for (const place of contents)
          if (readdirSync(place).length > 0) cpSync(place, folder, { recursive: true });
        return [path, folder];
      });
    return [...declared, ...Object.entries(options.volumes ?? {})];
  }
}

function isSameFile(one: string, other: string): boolean {
  const [first, second] = [statSync(one), statSync(other)];
  return first.dev === second.dev && first.ino === second.ino;
}

const random = (below: number): number => Math.floor(Math.random() * below);

function neighbour(network: string, distance: number): string {
  return network.replace(/\d+$/, (last) => `${Number(last) + distance}`);
}
