/** Bytes `floor(256 u)` of mulberry32, the generator that the goldens' inputs come from. */
export function seededBytes(seed: number, count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  let a = seed >>> 0;
  for (let i = 0; i < count; i++) {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    bytes[i] = (t ^ (t >>> 14)) >>> 24;
  }
  return bytes;
}
