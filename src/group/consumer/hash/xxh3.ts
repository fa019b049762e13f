/**
 * XXH3, 64 bits, without a seed: the hash that Kafka writes into a consumer group's record for the topics that it
 * counts on. https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
 */
const MASK = 0xffffffffffffffffn;
const PRIME32_1 = 0x9e3779b1n;
const PRIME32_2 = 0x85ebca77n;
const PRIME32_3 = 0xc2b2ae3dn;
const PRIME64_1 = 0x9e3779b185ebca87n;
const PRIME64_2 = 0xc2b2ae3d27d4eb4fn;
const PRIME64_3 = 0x165667b19e3779f9n;
const PRIME64_4 = 0x85ebca77c2b2ae63n;
const PRIME64_5 = 0x27d4eb2f165667c5n;
const PRIME_MX1 = 0x165667919e3779f9n;
const PRIME_MX2 = 0x9fb21c651e98df25n;

const STRIPE = 64;
const LANES = 8;
const SECRET_STEP = 8;

const SECRET =
  "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221" +
  "b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8" +
  "a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb" +
  "170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e";

let keptSecret: DataView | undefined;

/** Made when it is first asked for: a start has no use for it. */
function secret(): DataView {
  keptSecret ??= view(
    Uint8Array.from({ length: SECRET.length / 2 }, (_, at) =>
      Number.parseInt(SECRET.slice(2 * at, 2 * at + 2), 16),
    ),
  );
  return keptSecret;
}

/** The hash of `bytes`, as an unsigned 64-bit number. */
export function xxh3(bytes: Uint8Array): bigint {
  const input = view(bytes);
  const length = bytes.length;
  if (length <= 16) return hashUpTo16(input, length);
  if (length <= 128) return hashUpTo128(input, length);
  if (length <= 240) return hashUpTo240(input, length);
  return hashLong(input, length);
}

function hashUpTo16(input: DataView, length: number): bigint {
  if (length > 8) return hash9To16(input, length);
  if (length > 3) return hash4To8(input, length);
  if (length > 0) return hash1To3(input, length);
  return avalanche64(u64(secret(), 56) ^ u64(secret(), 64));
}

function hash1To3(input: DataView, length: number): bigint {
  const first = input.getUint8(0);
  const middle = input.getUint8(length >> 1);
  const last = input.getUint8(length - 1);
  const combined = BigInt(((first << 16) | (middle << 24) | last | (length << 8)) >>> 0);
  return avalanche64(combined ^ (u32(secret(), 0) ^ u32(secret(), 4)));
}

function hash4To8(input: DataView, length: number): bigint {
  const combined = (u32(input, length - 4) | (u32(input, 0) << 32n)) ^ u64(secret(), 8) ^ u64(secret(), 16);
  let hash = combined ^ rotateLeft(combined, 49n) ^ rotateLeft(combined, 24n);
  hash = (hash * PRIME_MX2) & MASK;
  hash ^= ((hash >> 35n) + BigInt(length)) & MASK;
  hash = (hash * PRIME_MX2) & MASK;
  return hash ^ (hash >> 28n);
}

function hash9To16(input: DataView, length: number): bigint {
  const low = u64(secret(), 24) ^ u64(secret(), 32) ^ u64(input, 0);
  const high = u64(secret(), 40) ^ u64(secret(), 48) ^ u64(input, length - 8);
  return avalanche(BigInt(length) + swapBytes(low) + high + foldedProduct(low, high));
}

function hashUpTo128(input: DataView, length: number): bigint {
  let sum = BigInt(length) * PRIME64_1;
  for (let round = (length - 1) >> 5; round >= 0; round--) {
    sum += mix16(input, round * 16, round * 32);
    sum += mix16(input, length - 16 * (round + 1), round * 32 + 16);
  }
  return avalanche(sum);
}

function hashUpTo240(input: DataView, length: number): bigint {
  let sum = BigInt(length) * PRIME64_1;
  const rounds = length >> 4;
  for (let round = 0; round < 8; round++) sum += mix16(input, round * 16, round * 16);
  sum = avalanche(sum);
  for (let round = 8; round < rounds; round++) sum += mix16(input, round * 16, (round - 8) * 16 + 3);
  return avalanche(sum + mix16(input, length - 16, 136 - 17));
}

function hashLong(input: DataView, length: number): bigint {
  const sums = new BigUint64Array([
    PRIME32_3,
    PRIME64_1,
    PRIME64_2,
    PRIME64_3,
    PRIME64_4,
    PRIME32_2,
    PRIME64_5,
    PRIME32_1,
  ]);
  const stripesPerBlock = (secret().byteLength - STRIPE) / SECRET_STEP;
  const stripes = Math.floor((length - 1) / STRIPE);
  for (let stripe = 0; stripe < stripes; stripe++) {
    const inBlock = stripe % stripesPerBlock;
    accumulate(sums, input, stripe * STRIPE, inBlock * SECRET_STEP);
    if (inBlock === stripesPerBlock - 1) scramble(sums);
  }
  accumulate(sums, input, length - STRIPE, secret().byteLength - STRIPE - 7);
  let result = BigInt(length) * PRIME64_1;
  for (let lane = 0; lane < LANES; lane += 2) {
    const at = 11 + lane * 8;
    result += foldedProduct(
      lane64(sums, lane) ^ u64(secret(), at),
      lane64(sums, lane + 1) ^ u64(secret(), at + 8),
    );
  }
  return avalanche(result);
}

function accumulate(sums: BigUint64Array, input: DataView, at: number, secretAt: number): void {
  for (let lane = 0; lane < LANES; lane++) {
    const value = u64(input, at + lane * 8);
    const key = value ^ u64(secret(), secretAt + lane * 8);
    sums[lane ^ 1] = lane64(sums, lane ^ 1) + value;
    sums[lane] = lane64(sums, lane) + (key & 0xffffffffn) * (key >> 32n);
  }
}

function scramble(sums: BigUint64Array): void {
  for (let lane = 0; lane < LANES; lane++) {
    const sum = lane64(sums, lane);
    sums[lane] = (sum ^ (sum >> 47n) ^ u64(secret(), secret().byteLength - STRIPE + lane * 8)) * PRIME32_1;
  }
}

function mix16(input: DataView, at: number, secretAt: number): bigint {
  return foldedProduct(
    u64(input, at) ^ u64(secret(), secretAt),
    u64(input, at + 8) ^ u64(secret(), secretAt + 8),
  );
}

function foldedProduct(one: bigint, other: bigint): bigint {
  const product = one * other;
  return (product & MASK) ^ (product >> 64n);
}

function avalanche(hash: bigint): bigint {
  let mixed = hash & MASK;
  mixed = ((mixed ^ (mixed >> 37n)) * PRIME_MX1) & MASK;
  return mixed ^ (mixed >> 32n);
}

function avalanche64(hash: bigint): bigint {
  let mixed = ((hash ^ (hash >> 33n)) * PRIME64_2) & MASK;
  mixed = ((mixed ^ (mixed >> 29n)) * PRIME64_3) & MASK;
  return mixed ^ (mixed >> 32n);
}

function rotateLeft(value: bigint, bits: bigint): bigint {
  return ((value << bits) | (value >> (64n - bits))) & MASK;
}

function swapBytes(value: bigint): bigint {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setBigUint64(0, value, true);
  return bytes.getBigUint64(0);
}

function lane64(sums: BigUint64Array, lane: number): bigint {
  return sums[lane] ?? 0n;
}

function u32(bytes: DataView, at: number): bigint {
  return BigInt(bytes.getUint32(at, true));
}

function u64(bytes: DataView, at: number): bigint {
  return bytes.getBigUint64(at, true);
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
