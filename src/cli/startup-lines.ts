/**
 * What a person reads when the broker has started: where the data lives, and how to connect.
 */
import type { RunningBroker } from "../broker.ts";
import type { ServerConfig } from "../config/server-config.ts";
import { realDisk } from "../disk/real-disk.ts";

/** The lines. */
export function startupLines(version: string, config: ServerConfig, broker: RunningBroker): string[] {
  const { nodeId, clusterId, topicCount } = broker;
  const topics = topicCount === 1 ? "1 topic" : `${topicCount} topics`;
  const lines = [`Houska ${version}: node ${nodeId} of cluster ${clusterId}, ${topics}`];
  for (const directory of config.logDirs) lines.push(`  data       ${directory}${freeSpace(directory)}`);
  const { metadataLogDir } = config;
  if (!config.logDirs.includes(metadataLogDir)) lines.push(`  metadata   ${metadataLogDir}`);
  for (const { name, hostname, port } of broker.listeners) {
    lines.push(`  listening  ${name} on ${address(hostname)}:${port}${advertised(config, name)}`);
  }
  for (const { name, host, port, controller } of config.listeners) {
    if (controller)
      lines.push(
        `  not opened ${name} on ${address(host)}:${port}: the controller needs no port of its own here`,
      );
  }
  if (broker.admin !== null) {
    lines.push(`  metrics    http://${reachable(broker.admin.hostname)}:${broker.admin.port}/metrics`);
  }
  const [first] = broker.listeners;
  if (first !== undefined)
    lines.push(`  connect    bootstrap.servers=${reachable(first.hostname)}:${first.port}`);
  return lines;
}

/** Nothing where it can't be told, as of a directory that has failed. */
function freeSpace(directory: string): string {
  try {
    return `, ${sizeText(realDisk.space(directory).freeBytes)} free`;
  } catch {
    return "";
  }
}

/** @example sizeText(3 * 2 ** 29) === "1.5 GiB" */
function sizeText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let size = bytes;
  while (size >= 1024 && units.length > 1) {
    size /= 1024;
    units.shift();
  }
  return `${size.toFixed(size < 10 ? 1 : 0)} ${units[0]}`;
}

function advertised(config: ServerConfig, listener: string): string {
  const address = config.advertisedListeners.get(listener);
  return address ? `, advertised as ${bracketed(address.host)}:${address.port}` : "";
}

function address(hostname: string): string {
  return isEveryInterface(hostname) ? "all interfaces" : bracketed(hostname);
}

function reachable(hostname: string): string {
  return isEveryInterface(hostname) ? "localhost" : bracketed(hostname);
}

function isEveryInterface(hostname: string): boolean {
  return hostname === "" || hostname === "0.0.0.0" || hostname === "::";
}

function bracketed(hostname: string): string {
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}
