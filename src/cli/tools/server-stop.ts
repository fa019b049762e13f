/**
 * kafka-server-stop: asks the brokers that run on this machine, of this executable, to stop.
 */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import { WrongUse } from "../command.ts";
import { ToolFailure } from "../tool/failure.ts";
import { tool } from "../tool/tool.ts";

const brokerNames = new Set(["houska", basename(process.execPath), "kafka-server-start"]);

export const serverStop = tool({
  description: "Asks the brokers that run here to stop.",
  options: {
    "process-role": {
      type: "string",
      takes: "broker or controller",
      description: "Means nothing: every broker is its own controller.",
    },
    "node-id": {
      type: "integer",
      takes: "id",
      description: "Refused: a running process doesn't say which node it is.",
    },
  },
  async run(given) {
    if (given["node-id"] !== undefined)
      throw new WrongUse("--node-id: a running process doesn't say which node it is");
    const brokers = runningBrokers();
    if (brokers.length === 0) throw new ToolFailure("No kafka server to stop");
    for (const pid of brokers) process.kill(pid, "SIGTERM");
    return 0;
  },
});

/** The processes of this executable that run a broker and not a tool. */
function runningBrokers(): number[] {
  const pids = entries("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => pid !== process.pid && isBroker(pid));
}

function isBroker(pid: number): boolean {
  try {
    // A broker goes on running when its executable has been replaced.
    const executable = readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, "");
    if (executable !== process.execPath) return false;
    const [name = "", first = ""] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    const called = basename(name, ".sh");
    // With a command it is a tool; with a file, an option or nothing it is a broker.
    return brokerNames.has(called) && (first === "" || first.startsWith("-") || /[./]/.test(first));
  } catch {
    // It has ended, or is somebody else's.
    return false;
  }
}

function entries(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    throw new ToolFailure("The processes of this machine can't be listed; send the broker SIGTERM");
  }
}
