import { describe, expect, it } from "vitest";
import {
  AbortError,
  evaluate,
  type GanEvalError,
  generate,
  planSweep,
  sweep,
  train,
} from "../../src/index.ts";
import { emptyFolder } from "../runs/empty-folder.ts";

const images = (n: number) =>
  Array.from({ length: n }, (_, i) => ({ pixels: new Uint8Array(48).fill(i), width: 4, height: 4 }));

/** Work that aborts its signal on the way. */
const WORK: Readonly<Record<string, (abort: AbortController) => Promise<unknown>>> = {
  evaluate: (abort) =>
    evaluate({
      ...{ extractor: "pixels", metrics: ["fid"], real: images(50), fake: images(50) },
      signal: abort.signal,
      onProgress: () => abort.abort(),
    }),
  train: (abort) =>
    train({
      data: "ring",
      rounds: 50,
      folder: emptyFolder(),
      signal: abort.signal,
      onRound: () => abort.abort(),
    }),
  async generate(abort) {
    const { folder } = await train({ data: "ring", rounds: 1, folder: emptyFolder() });
    return generate({
      ...{ run: folder, n: 5000, out: `${emptyFolder()}/points.npy`, signal: abort.signal },
      onProgress: () => abort.abort(),
    });
  },
  sweep: (abort) =>
    sweep({
      folder: emptyFolder(),
      runs: planSweep({ axes: [{ name: "model", values: ["gan"] }], seeds: 1 }),
      common: { data: "ring", rounds: 5000 },
      signal: abort.signal,
      onProgress: () => abort.abort(),
    }),
};

describe("work that its signal ends", () => {
  it.each(Object.keys(WORK))("%s rejects with an AbortError whose cause is ours", async (name) => {
    const abort = new AbortController();
    const error = await WORK[name](abort).then(
      () => undefined,
      (error: AbortError) => error,
    );
    expect(error).toBeInstanceOf(AbortError);
    expect(error!.name).toBe("AbortError");
    expect((error!.cause as GanEvalError).code).toBe("run.interrupted");
  });

  it("that was ended before it began does not begin", async () => {
    const ended = AbortSignal.abort();
    await expect(evaluate({ fake: "nowhere", signal: ended })).rejects.toBeInstanceOf(AbortError);
  });

  it("leaves other errors as they are", async () => {
    await expect(
      evaluate({ fake: "nowhere", metrics: ["is"], signal: new AbortController().signal }),
    ).rejects.toMatchObject({
      name: "GanEvalError",
    });
  });
});
