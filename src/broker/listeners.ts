/**
 * Opens the listeners that the configuration names, except the controller's: nothing outside needs them.
 */
import type { createDispatcher, Reply as DispatchedReply } from "../api/dispatch.ts";
import { UnanswerableRequest } from "../api/unanswerable-request.ts";
import type { Clock } from "../clock.ts";
import type { ServerConfig } from "../config/server-config.ts";
import { ConnectionBudget } from "../net/connection-budget.ts";
import { ProtocolViolation } from "../net/errors.ts";
import { DEFAULT_LIMITS, type NetLimits } from "../net/limits.ts";
import { type Listener, startListener } from "../net/listener.ts";
import type { FrameHandler, Reply } from "../net/reply.ts";
import type { Logger } from "../observe/logger.ts";
import { StartError } from "./start-error.ts";

interface ListenersOptions {
  readonly config: () => ServerConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly dispatch: ReturnType<typeof createDispatcher>;
}

/**
 * Opens them; where one can't be opened, closes the others again.
 *
 * @throws ListenError or StartError
 */
export async function openListeners({
  config,
  clock,
  logger,
  dispatch,
}: ListenersOptions): Promise<Listener[]> {
  const limits = limitsOf(config);
  const budget = new ConnectionBudget(limits, logger, clock);
  const opened: Listener[] = [];
  try {
    for (const { name, securityProtocol, host, port, controller } of config().listeners) {
      if (controller) continue;
      if (securityProtocol !== "PLAINTEXT") {
        throw new StartError(
          `listener ${name} is ${securityProtocol}, and only PLAINTEXT is served so far. Take it out of listeners`,
        );
      }
      const options = { name, securityProtocol, hostname: host, port, limits, logger, clock, budget };
      opened.push(startListener({ ...options, handle: handlerOf(dispatch), createSession: () => undefined }));
    }
    return opened;
  } catch (error) {
    await Promise.all(opened.map((listener) => listener.close(0)));
    throw error;
  }
}

/** What has no answer, or no whole one, ends the connection with a line that says why. */
function handlerOf(dispatch: ReturnType<typeof createDispatcher>): FrameHandler<undefined> {
  return (frame, connection) => {
    try {
      const reply = dispatch(frame, connection);
      return reply instanceof Promise ? reply.then(asNetReply, asViolation) : asNetReply(reply);
    } catch (error) {
      return asViolation(error);
    }
  };
}

function asNetReply(reply: DispatchedReply | null): Reply | null {
  if (reply?.more === undefined) return reply;
  const stream = reply.more;
  const next = (most?: number, leavesFiles?: boolean) => {
    try {
      return stream.next(most, leavesFiles);
    } catch (error) {
      return asViolation(error);
    }
  };
  return { ...reply, more: { sizeInBytes: stream.sizeInBytes, next, send: stream.send } };
}

function asViolation(error: unknown): never {
  throw error instanceof UnanswerableRequest ? new ProtocolViolation(error.message) : error;
}

/** The limits that the configuration sets, as it is at the moment somebody looks. */
function limitsOf(config: () => ServerConfig): NetLimits {
  return {
    ...DEFAULT_LIMITS,
    get socketRequestMaxBytes() {
      return config().socketRequestMaxBytes;
    },
    get maxConnections() {
      return config().maxConnections;
    },
    get maxConnectionsPerIp() {
      return config().maxConnectionsPerIp;
    },
    get maxConnectionsPerIpOverrides() {
      return config().maxConnectionsPerIpOverrides;
    },
    get connectionsMaxIdleMs() {
      return config().connectionsMaxIdleMs;
    },
    get queuedMaxRequestBytes() {
      const limit = config().queuedMaxRequestBytes;
      return limit > 0 ? limit : DEFAULT_LIMITS.queuedMaxRequestBytes;
    },
  };
}
