/** Randomness of training: counter-based, so that its position is two numbers in a checkpoint. */
import { GanEvalError } from "../errors.ts";

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;
const ROUNDS = 10;

/** The upper 32 bits of a product of two 32-bit numbers. */
function multiplyHigh(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  const low = a0 * b1 + (middle % 0x10000);
  return (a1 * b1 + Math.floor(middle / 0x10000) + Math.floor(low / 0x10000)) >>> 0;
}

/**
 * Philox4x32-10: a block of four 32-bit numbers for a counter (four words) and a key (two words), written to `out`.
 * Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"; agrees with the test vectors of Random123.
 */
export function philoxBlock(counter: readonly number[], key: readonly number[], out: Uint32Array): void {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(M0, c0);
    const low0 = Math.imul(M0, c0) >>> 0;
    const high1 = multiplyHigh(M1, c2);
    const low1 = Math.imul(M1, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + W0) >>> 0;
    k1 = (k1 + W1) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** What a stream is for: streams of one seed are independent of each other. */
const STREAMS = {
  weights: 0,
  latent: 1,
  order: 2,
  data: 3,
  penalty: 4,
  preview: 5,
  labels: 6,
  instance: 7,
  evaluation: 8,
  augment: 9,
  orderB: 10,
  masks: 11,
} as const;

/** Streams of other names have numbers above this, by their names. */
const NAMED = 2 ** 31;

/** FNV-1a of a name, in 31 bits. */
function nameToHash(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash >>> 1;
}

const streamNumber = (name: string): number =>
  Object.hasOwn(STREAMS, name) ? STREAMS[name as keyof typeof STREAMS] : NAMED + nameToHash(name);

/** A sequence of random numbers that can be left and taken up again at a block. */
export interface RandomStream {
  /** Blocks of four numbers used so far. */
  readonly position: number;
  /** Goes to a position that was read before. */
  jump(position: number): void;
  /** Fills with uniform numbers in [0, 1), multiples of 2^-24. */
  uniform(out: Float32Array): Float32Array;
  /** Fills with standard normal numbers (Box and Muller). */
  normal(out: Float32Array): Float32Array;
  /** 0..n - 1 shuffled (Fisher and Yates). */
  permutation(n: number): Int32Array;
}

const TWO_24 = 2 ** -24;
const TWO_32 = 2 ** -32;

/**
 * The stream `name` of a seed. Every call begins a new block, so what is drawn depends on the calls before it only
 * through the position.
 * @throws GanEvalError `usage.seed` for a seed that is no whole number from 0 to 2^32 - 1
 */
export function openRandomStream(seed: number, name: string, position = 0): RandomStream {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff)
    throw new GanEvalError("usage.seed", `expected an integer from 0 to 4294967295 as seed, got ${seed}`);
  const key = [seed, streamNumber(name)];
  const block = new Uint32Array(4);
  let at = position;
  let used = 4;
  const begin = (): void => {
    used = 4;
  };
  const next = (): number => {
    if (used === 4) {
      philoxBlock([at >>> 0, Math.floor(at / 2 ** 32), 0, 0], key, block);
      at++;
      used = 0;
    }
    return block[used++];
  };
  return {
    get position() {
      return at;
    },
    jump(to) {
      at = to;
    },
    uniform(out) {
      begin();
      for (let i = 0; i < out.length; i++) out[i] = (next() >>> 8) * TWO_24;
      return out;
    },
    normal(out) {
      begin();
      for (let i = 0; i < out.length; i += 2) {
        // In (0, 1]: a logarithm of 0 cannot be.
        const radius = Math.sqrt(-2 * Math.log((next() + 1) * TWO_32));
        const angle = 2 * Math.PI * next() * TWO_32;
        out[i] = radius * Math.cos(angle);
        if (i + 1 < out.length) out[i + 1] = radius * Math.sin(angle);
      }
      return out;
    },
    permutation(n) {
      begin();
      const order = Int32Array.from({ length: n }, (_, i) => i);
      for (let i = n - 1; i > 0; i--) {
        // 32 bits times i + 1: no place is preferred by more than 2^-32 (i + 1).
        const j = Math.floor(next() * TWO_32 * (i + 1));
        [order[i], order[j]] = [order[j], order[i]];
      }
      return order;
    },
  };
}
