/** cogan is to make corresponding images of both domains from one latent: a digit, and its opposite. */
import { describe, it } from "vitest";
import { openRandomStream } from "../../src/train/random.ts";
import { judge, type Learnt, type Lesson, learn, SEEDS } from "./learn.ts";

const LATENT = 16;
const LESSON: Lesson = {
  model: "cogan",
  data: "drawn-coupled",
  rounds: 500,
  rate: 1e-3,
  options: { batchSize: 32, latentDim: LATENT, filters: 16, discriminatorFilters: 16, emaDecay: 0.99 },
};

/** Pearson's, over all elements. */
function correlate(x: Float32Array, y: Float32Array): number {
  const mean = (of: (i: number) => number) => {
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += of(i);
    return sum / x.length;
  };
  const [mx, my] = [mean((i) => x[i]), mean((i) => y[i])];
  const spread = (of: Float32Array, centre: number) => Math.sqrt(mean((i) => (of[i] - centre) ** 2));
  return mean((i) => (x[i] - mx) * (y[i] - my)) / (spread(x, mx) * spread(y, my));
}

/** Rows moved on by one: each stands beside that of another latent. */
const moved = (rows: Float32Array, n: number): Float32Array => {
  const stride = rows.length / n;
  return Float32Array.from(rows, (_, i) => rows[(i + stride) % rows.length]);
};

async function measure({ make, count }: Learnt) {
  const latent = openRandomStream(1, "latent").normal(new Float32Array(count * LATENT));
  const a = await make("sample-a", { latent });
  const opposite = (await make("sample-b", { latent })).map((value) => -value);
  const same = correlate(a, opposite);
  const others = correlate(a, moved(opposite, count));
  return { same, others, gain: same - others };
}

describe.each(SEEDS)("cogan, seed %i,", (seed) => {
  it("makes a digit and its opposite from one latent", async () => {
    judge(LESSON, seed, await learn(LESSON, seed, measure));
  });
});
