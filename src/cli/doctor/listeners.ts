/**
 * Looks at a listener as a client meets it: who has its port, what it tells clients, and whether that leads to the broker.
 */
import { lookup } from "node:dns/promises";
import { networkInterfaces } from "node:os";
import { type Address, addressText } from "../../client/address.ts";
import type { HostAndPort, ListenerConfig } from "../../config/listeners.ts";
import { isLoopback } from "../../net/addresses.ts";
import { type ProbedBroker, probeBroker } from "../broker-probe.ts";
import { reachableHost } from "../health/where.ts";
import { failureText } from "../tool/failure.ts";
import { type Finding, finding } from "./finding.ts";
import { ownerOf, ownerText } from "./port-owners.ts";

export interface ExaminedListener {
  readonly name: string;
  /** Where it listens, as `host:port`; `*` for all interfaces. */
  readonly binds: string;
  /** What clients are told; null for the address by which they came. */
  readonly tells: string | null;
  /** What the name in it stands for on this machine; empty where nobody knows it. */
  readonly resolvesTo: readonly string[];
  readonly findings: readonly Finding[];
}

interface Surroundings {
  /** The process that works on the log directories, 0 if it can't be named, null if there is none. */
  readonly broker: number | null;
  /** The id in the log directories, if they have one. */
  readonly clusterId: string | null;
  readonly timeoutMs: number;
}

/** Examines a listener, and the address that it advertises. */
export async function examineListener(
  listener: ListenerConfig,
  advertised: HostAndPort | null,
  surroundings: Surroundings,
): Promise<ExaminedListener> {
  const { name, host, port } = listener;
  const about = `listener ${name}`;
  const resolvesTo = advertised === null ? [] : await addressesOf(advertised.host);
  const bound = portFinding(listener, about, surroundings.broker);
  const findings = [bound, ...(advertised === null ? [byTheWayTheyCame(listener, about)] : [])];
  if (advertised !== null) {
    findings.push(...whatTheyAreTold(listener, advertised, resolvesTo, about));
    if (bound.severity === "ok" && resolvesTo.length > 0) {
      findings.push(...(await whereThatLeads(listener, advertised, resolvesTo, about, surroundings)));
    }
  } else if (bound.severity === "ok" && listener.securityProtocol === "PLAINTEXT") {
    findings.push(...(await answers({ host: reachableHost(host), port }, null, about, surroundings)));
  }
  return {
    name,
    binds: `${isEveryInterface(host) ? "*" : addressText({ host, port }).replace(/:\d+$/, "")}:${port}`,
    tells: advertised && addressText(advertised),
    resolvesTo,
    findings,
  };
}

function portFinding({ port, name }: ListenerConfig, about: string, broker: number | null): Finding {
  if (port === 0)
    return finding(about, "note", "Its port is any that is free: clients can't know it beforehand.");
  const owner = ownerOf(port);
  if (owner === undefined && broker === null) {
    return finding(about, "note", `Nothing listens on port ${port}: the broker isn't running.`);
  }
  if (owner === undefined) {
    const message = `Nothing listens on port ${port}, though a broker works on the log directories.`;
    return finding(
      about,
      "problem",
      message,
      "It was started with another configuration, or is still starting.",
    );
  }
  const isOurs = broker !== null && (broker === 0 || owner.pid === 0 || owner.pid === broker);
  if (isOurs) return finding(about, "ok", `The broker listens on port ${port}.`);
  const message = `Port ${port} is in use by ${ownerText(owner)}, which is not this broker.`;
  return finding(about, "problem", message, `Stop that one, or give ${name} another port in listeners.`);
}

function byTheWayTheyCame({ port }: ListenerConfig, about: string): Finding {
  return finding(
    about,
    "note",
    "Nothing is advertised: a client is told the address by which it came, which is right unless a port is forwarded.",
    `Where one is, as into a container, set advertised.listeners to the address outside, such as localhost:${port}.`,
  );
}

/** What can be said of an advertised address without trying it. */
function whatTheyAreTold(
  { name, host, port }: ListenerConfig,
  advertised: HostAndPort,
  resolvesTo: readonly string[],
  about: string,
): Finding[] {
  const told = addressText(advertised);
  const findings = [finding(about, "note", `Clients are told to connect to ${told}.`)];
  if (isLoopback(advertised.host) && !isLoopback(host)) {
    findings.push(
      finding(
        about,
        "warning",
        `It listens for other machines, and tells them ${told}, which each takes for itself.`,
        `For clients elsewhere, advertise an address of this machine: advertised.listeners=${name}://HOST:${advertised.port}. ` +
          `For both, use two listeners. Clients that come by a port forwarded to ${told} are right already.`,
      ),
    );
  } else if (resolvesTo.length === 0) {
    findings.push(
      finding(
        about,
        "warning",
        `This machine knows no host ${advertised.host}.`,
        "Clients must know it: by DNS, a hosts file, or as the broker's name in a container network.",
      ),
    );
  } else if (!resolvesTo.some(isOwnAddress)) {
    const message = `${advertised.host} is ${resolvesTo.join(", ")}, which is no address of this machine.`;
    findings.push(finding(about, "note", message, `Whatever has it must forward to port ${port} here.`));
  }
  if (resolvesTo.some(isOwnAddress) && advertised.port !== port && port !== 0) {
    const message = `It listens on port ${port}, and clients are told ${advertised.port}.`;
    const advice = `That works only where ${advertised.port} is forwarded to ${port}, as by docker run -p ${advertised.port}:${port}.`;
    findings.push(finding(about, "note", message, advice));
  }
  return findings;
}

/** Connects as a client would that does as it is told. */
async function whereThatLeads(
  { securityProtocol, port }: ListenerConfig,
  advertised: HostAndPort,
  resolvesTo: readonly string[],
  about: string,
  surroundings: Surroundings,
): Promise<Finding[]> {
  if (securityProtocol !== "PLAINTEXT") {
    return [finding(about, "note", `It is ${securityProtocol}, so the doctor doesn't connect.`)];
  }
  const isForwarded = !resolvesTo.some(isOwnAddress) || advertised.port !== port;
  return answers(advertised, advertised, about, surroundings, isForwarded);
}

/**
 * @param isForwarded whether something else than this machine is in charge of the way, so that its end need not be
 *   reachable from here
 */
async function answers(
  address: Address,
  advertised: HostAndPort | null,
  about: string,
  surroundings: Surroundings,
  isForwarded = false,
): Promise<Finding[]> {
  try {
    const probed = await probeBroker(address, surroundings.timeoutMs, true);
    const offline = probed.directories.filter(({ isOnline }) => !isOnline);
    return [
      whoAnswers(probed, address, advertised, about, surroundings.clusterId),
      ...offline.map(({ path }) => {
        const advice = "Its log says why. Put that right, and start it anew.";
        return finding(path, "problem", "The broker that runs has taken it offline, as it failed.", advice);
      }),
    ];
  } catch (error) {
    const why = failureText(error);
    if (why === null) throw error;
    const severity = isForwarded ? "warning" : "problem";
    const advice = isForwarded
      ? "From here it can't be reached, which says nothing of other places: try it from where the client runs."
      : "Clients on this machine can't connect. Look for a firewall, and whether the name stands for the right address.";
    return [finding(about, severity, `A client that does as it is told fails: ${why}.`, advice)];
  }
}

/** Whether it is this broker, and says what it should. */
function whoAnswers(
  probed: ProbedBroker,
  address: Address,
  advertised: HostAndPort | null,
  about: string,
  clusterId: string | null,
): Finding {
  const where = addressText(address);
  const told = probed.brokers.map(({ host, port }) => addressText({ host, port })).join(", ");
  if (clusterId !== null && probed.clusterId !== clusterId) {
    const message = `Who answers at ${where} is of cluster ${probed.clusterId}, and this broker of ${clusterId}.`;
    const advice = "Another broker has that address: advertise one of this broker's own.";
    return finding(about, "problem", message, advice);
  }
  if (advertised !== null && told !== addressText(advertised)) {
    const message = `The broker that runs tells ${told}, and by this configuration it would be ${addressText(advertised)}.`;
    return finding(about, "warning", message, "It was started with another one: start it anew.");
  }
  return finding(about, "ok", `A client that connects to ${where} gets an answer, and is told ${told}.`);
}

async function addressesOf(host: string): Promise<string[]> {
  try {
    return [...new Set((await lookup(host, { all: true })).map(({ address }) => address))];
  } catch {
    return [];
  }
}

function isOwnAddress(address: string): boolean {
  if (isLoopback(address)) return true;
  return Object.values(networkInterfaces()).some((entries) =>
    entries?.some((entry) => entry.address === address),
  );
}

function isEveryInterface(host: string): boolean {
  return host === "" || host === "0.0.0.0" || host === "::";
}
