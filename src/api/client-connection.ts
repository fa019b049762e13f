/**
 * The connection a request came by.
 */
export interface ClientConnection {
  readonly id: number;
  readonly listenerName: string;
  /** Where the client connected to: what Metadata names when no address is advertised. */
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly closed: boolean;
  /** Calls `listener` once when the connection ends; returns a function that takes the listener off. */
  onClose(listener: () => void): () => void;
}
