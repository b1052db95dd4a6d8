/** Random numbers of the page itself: the same ones for the same seed. What networks get is drawn by the lab. */

/** Uniform numbers in [0, 1). Mulberry32, public domain. */
function openUniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Two normal numbers at a time, of mean 0 and deviation 1. */
export function openNormal(seed: number): () => readonly [number, number] {
  const uniform = openUniform(seed);
  return () => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  };
}
