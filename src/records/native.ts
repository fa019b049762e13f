/**
 * The native addons, loaded at first use and never needed: a compiled binary unpacks an addon into the temporary
 * folder, which may be missing, full or not executable, and then everything falls back to TypeScript.
 */

type Crc32c = (bytes: Uint8Array) => number;

/** undefined: not tried yet; null: tried in vain. */
let crc32c: Crc32c | null | undefined;

/** The addon's CRC32C, or null where it can't be loaded. */
export function nativeCrc32c(): Crc32c | null {
  if (crc32c === undefined) crc32c = loadCrc32c();
  return crc32c;
}

function loadCrc32c(): Crc32c | null {
  try {
    const addon: { crc32c: Crc32c } = require("@node-rs/crc32");
    return (bytes) => addon.crc32c(bytes);
  } catch {
    return null;
  }
}
