/**
 * The process itself, in the names that Prometheus's libraries use, and how late its event loop is.
 */
import { readdirSync, readFileSync } from "node:fs";
import type { Distribution } from "../../observe/metrics/distribution.ts";
import type { Family } from "../../observe/metrics/exposition.ts";
import { family, sample } from "./jmx-names.ts";

const MICROSECONDS_PER_SECOND = 1_000_000;
const quantiles = [0.5, 0.9, 0.99];

/** When this process started, in seconds since 1970. */
const startedAt = (Date.now() - performance.now()) / 1000;

/**
 * The families of the process.
 *
 * @param lag of the event loop, in microseconds
 * @param nowMs of the clock that measured it
 */
export function processFamilies(lag: Distribution, nowMs: number): Family[] {
  const { user, system } = process.cpuUsage();
  const cpu = (microseconds: number) => microseconds / MICROSECONDS_PER_SECOND;
  const { rss, heapUsed } = process.memoryUsage();
  return [
    family("counter", "process_cpu_seconds_total", "CPU time in seconds.", cpu(user + system)),
    family("counter", "process_cpu_user_seconds_total", "CPU time in user mode in seconds.", cpu(user)),
    family("counter", "process_cpu_system_seconds_total", "CPU time in the system in seconds.", cpu(system)),
    family("gauge", "process_resident_memory_bytes", "Memory that is in use.", rss),
    family("gauge", "process_heap_bytes", "Memory of JavaScript objects.", heapUsed),
    family("gauge", "process_start_time_seconds", "When the process started, since 1970.", startedAt),
    ...linuxFamilies(),
    {
      name: "houska_eventloop_lag_seconds",
      help: "How late the event loop is.",
      type: "summary",
      samples: [
        ...lag
          .quantiles(quantiles, nowMs)
          .map((value, index) => sample(cpu(value), { quantile: quantiles[index] ?? 0 })),
        { suffix: "_sum", labels: {}, value: cpu(lag.sum) },
        { suffix: "_count", labels: {}, value: lag.count },
      ],
    },
  ];
}

/** What only Linux tells in this way; elsewhere nothing. */
function linuxFamilies(): Family[] {
  try {
    const virtual = /^VmSize:\s*(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
    // Looking opens one itself.
    const open = readdirSync("/proc/self/fd").length - 1;
    return [
      family("gauge", "process_virtual_memory_bytes", "Address space in use.", Number(virtual) * 1024),
      family("gauge", "process_open_fds", "Open file descriptors.", open),
      family("gauge", "process_max_fds", "File descriptors that may be open.", Number(limit)),
    ];
  } catch {
    return [];
  }
}
