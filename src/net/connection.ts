/**
 * A client's connection, as request handlers see it.
 */

/** Kafka's `security.protocol` of a listener. */
export type SecurityProtocol = "PLAINTEXT" | "SSL" | "SASL_PLAINTEXT" | "SASL_SSL";

export interface Connection<Session = unknown> {
  /** Unique in this process. */
  readonly id: number;
  readonly listenerName: string;
  readonly securityProtocol: SecurityProtocol;
  /** The address that the client connected to; IPv4 as IPv4 even on an IPv6 socket. */
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** What the handlers keep about the client: its software, its principal. Made by `createSession`. */
  session: Session;
  /** True when no reply can reach the client any more. */
  readonly closed: boolean;
  /** Bytes of replies that the client has not taken yet. */
  readonly unsentReplyBytes: number;
  /** Closes at once, with one log line; replies that have not left are dropped. To let one leave: `Reply.thenClose`. */
  close(reason: string): void;
  /** Calls `listener` once when the connection closes, or at once if it has. Gives back what takes it away again. */
  onClose(listener: () => void): () => void;
}
