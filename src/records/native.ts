/**
 * The native addons: loaded at first use, and never needed. A compiled binary unpacks an addon into the temporary
 * folder and loads it from there. That folder may be missing, full, read-only or mounted noexec: then the answer is
 * null once and for all, and the callers do the work in TypeScript.
 *
 * The platform's own package is tried first: it takes 1 ms to load, where the package that chooses between platforms
 * takes 2 to 8, and looks at the system's `ldd`. Each `require` stands inside a `try` with a literal name: so the
 * bundler embeds what is installed and passes over what is not.
 */

const SAMPLE = Buffer.from("123456789");
const SAMPLE_CRC32C = 0xe3069283;

/** What is used of @node-rs/crc32. */
export interface Crc32Addon {
  crc32c(bytes: Uint8Array): number;
}

/** What is used of snappy. */
export interface SnappyAddon {
  compressSync(input: Uint8Array, options: { copyOutputData: boolean }): Buffer;
  uncompressSync(input: Uint8Array, options: { asBuffer: true; copyOutputData: boolean }): Buffer;
}

/** What is used of lz4-napi: blocks, each behind its decompressed size as a little-endian uint32. */
export interface Lz4Addon {
  compressSync(data: Uint8Array): Buffer;
  uncompressSync(data: Uint8Array): Buffer;
}

/** @node-rs/crc32, or null where it can't be loaded. */
export const crc32Addon = atFirstUse<Crc32Addon>(
  () => {
    try {
      return require("@node-rs/crc32-linux-x64-gnu");
    } catch {
      return require("@node-rs/crc32");
    }
  },
  (addon) => addon.crc32c(SAMPLE) === SAMPLE_CRC32C,
);

/** snappy, or null where it can't be loaded. */
export const snappyAddon = atFirstUse<SnappyAddon>(
  () => {
    try {
      return require("@napi-rs/snappy-linux-x64-gnu");
    } catch {
      return require("snappy");
    }
  },
  (addon) => addon.compressSync(SAMPLE, { copyOutputData: true }).length > 0,
);

/** lz4-napi, or null where it can't be loaded. */
export const lz4Addon = atFirstUse<Lz4Addon>(
  () => {
    try {
      return require("@antoniomuso/lz4-napi-linux-x64-gnu");
    } catch {
      return require("lz4-napi");
    }
  },
  (addon) => addon.compressSync(SAMPLE).length > 0,
);

/**
 * Loads an addon and tries it out: in a bundle, a second `require` of a module whose first one failed gives an empty
 * object instead of failing again.
 */
export function atFirstUse<T>(load: () => T, works: (addon: T) => boolean): () => T | null {
  let addon: T | null | undefined;
  return () => {
    if (addon === undefined) addon = orNull(load, works);
    return addon;
  };
}

function orNull<T>(load: () => T, works: (addon: T) => boolean): T | null {
  try {
    const addon = load();
    return works(addon) ? addon : null;
  } catch {
    return null;
  }
}
