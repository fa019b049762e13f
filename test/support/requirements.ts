/**
 * Tests that need more than Bun (Java, kcat, Apache Kafka) say so here, and are skipped, with the reason printed,
 * where it is missing.
 *
 * @example
 * import { requires } from "../support/requirements.ts";
 * const { test } = requires("kcat");
 * test("kcat lists the topics", async () => { … });
 */
import { describe, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, relative } from "node:path";

/**
 * A command on the PATH; "kafka", "kafka-streams": Java and what test/interchange/setup-kafka.sh fetches;
 * "python-clients": what test/clients/setup-python.sh installs; "prometheus": what test/operator/setup-prometheus.sh
 * unpacks; or "containers": root, a kernel that lets it make
 * namespaces, and the Debian that test/image/setup-base.sh unpacks.
 */
export type Requirement =
  | "java"
  | "javac"
  | "mvn"
  | "kcat"
  | "python3"
  | "go"
  | "kafka"
  | "kafka-streams"
  | "python-clients"
  | "prometheus"
  | "containers";

export interface RequiredTests {
  /** What is missing, ready to print; null when everything is there. */
  missing: string | null;
  /** bun:test's `test` and `describe`, or their skipping form where something is missing. */
  test: typeof test;
  describe: typeof describe;
}

/**
 * Looks for the requirements, and prints once per call what is missing. Where HOUSKA_TEST_ALL is set, as CI does,
 * a missing one that can be installed is an error, so that nothing is skipped unnoticed.
 */
export function requires(...requirements: Requirement[]): RequiredTests {
  const impossible = requirements.includes("containers") ? whyNoContainers() : null;
  const missing = [impossible ?? requirements.map(whatIsMissing)].flat().filter((reason) => reason !== null);
  if (missing.length === 0) return { missing: null, test, describe };
  const reason = missing.join("; ");
  if (impossible === null && process.env.HOUSKA_TEST_ALL)
    throw new Error(`HOUSKA_TEST_ALL is set, but ${reason}`);
  console.log(`skipped tests in ${callingFile()}: ${reason}`);
  return { missing: reason, test: test.skip as typeof test, describe: describe.skip as typeof describe };
}

/** Where the setup scripts of the tests put what they fetch. */
export function testCache(): string {
  return process.env.HOUSKA_TEST_CACHE || join(homedir(), ".cache", "houska-test");
}

/** Where Apache Kafka lies (bin/ has its tools and `broker`), whether or not it has been fetched. */
export function kafkaHome(): string {
  return join(testCache(), "kafka");
}

/** The Python that has the Kafka clients, whether or not it has been installed. */
export function pythonWithClients(): string {
  return join(testCache(), "python", "bin", "python");
}

/** Prometheus, or its tool, whether or not it has been unpacked. */
export function prometheusCommand(name: "prometheus" | "promtool"): string {
  return join(testCache(), "prometheus", "usr", "bin", name);
}

function whatIsMissing(requirement: Requirement): string | null {
  if (requirement === "python-clients") {
    if (existsSync(join(testCache(), "python", "packages"))) return null;
    return `no Kafka clients for Python are in ${join(testCache(), "python")} (test/clients/setup-python.sh installs them)`;
  }
  if (requirement === "kafka") return whatOfKafkaIsMissing("version", "Apache Kafka");
  // A folder that an older script has filled has none.
  if (requirement === "kafka-streams") return whatOfKafkaIsMissing("libs-streams", "Kafka Streams");
  if (requirement === "containers") return whatOfContainersIsMissing();
  if (requirement === "prometheus") {
    if (existsSync(prometheusCommand("promtool"))) return null;
    return `Prometheus is not in ${join(testCache(), "prometheus")} (test/operator/setup-prometheus.sh unpacks Debian's)`;
  }
  if (!Bun.which(requirement)) return `${requirement} is not on the PATH`;
  return requirement === "go" ? whatIsWrongWithGo() : null;
}

/** From 1.21 on go fetches the release that a go.mod asks for, where it is an older one itself. */
function whatIsWrongWithGo(): string | null {
  const { stdout } = Bun.spawnSync(["go", "env", "GOVERSION"]);
  const version = stdout.toString().trim();
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) > 1 || Number(minor) >= 21 ? null : `${version} is older than go1.21`;
}

function whatOfKafkaIsMissing(file: string, name: string): string | null {
  if (!Bun.which("java")) return "java is not on the PATH";
  if (existsSync(join(kafkaHome(), file))) return null;
  return `${name} is not in ${kafkaHome()} (test/interchange/setup-kafka.sh fetches it; it needs mvn)`;
}

/** Why no installation would help to run containers here, or null where they can be run. */
function whyNoContainers(): string | null {
  if (process.getuid?.() !== 0) return "only root can run containers";
  const folder = mkdtempSync(join(tmpdir(), "houska-overlay-"));
  const trial = [
    `cd ${folder} && mkdir a b c d && mount -t overlay o -o lowerdir=a,upperdir=b,workdir=c d && mknod e c 1 3`,
    "{ ! command -v ip >/dev/null || ip link add veth0 type veth peer name veth1; }",
  ].join(" && ");
  const namespaces = ["--mount", "--pid", "--net", "--uts", "--ipc", "--fork"];
  const { exitCode, stderr } = Bun.spawnSync(["unshare", ...namespaces, "sh", "-c", trial]);
  rmSync(folder, { recursive: true, force: true });
  return exitCode === 0 ? null : `no container can be run here: ${stderr.toString().trim()}`;
}

function whatOfContainersIsMissing(): string | null {
  const command = ["ip", "nsenter"].find((name) => Bun.which(name) === null);
  if (command !== undefined) return `${command} is not on the PATH`;
  const base = join(testCache(), "debian-trixie");
  if (existsSync(join(base, "version"))) return null;
  return `no Debian is in ${base} (test/image/setup-base.sh unpacks it; it needs root and mmdebstrap)`;
}

/** The file that called `requires`, relative to the checkout. */
function callingFile(): string {
  const frames = (new Error().stack ?? "").matchAll(/(\/[^()\n]+):\d+:\d+/g);
  const caller = [...frames].map((frame) => frame[1] ?? "").find((file) => file !== import.meta.path);
  return caller ? relative(join(import.meta.dir, "..", ".."), caller) : "a test file";
}
