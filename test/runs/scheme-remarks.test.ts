/** What is said of a run of several networks before it begins. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Progress } from "../../src/progress.ts";
import { planTraining, type TrainRequest, train } from "../../src/runs/train.ts";
import { temporaryFolder } from "../images/made-images.ts";
import { writeLayouts } from "../train/data/domains/made-domains.ts";

let place: string;
const layouts = await temporaryFolder();
beforeAll(async () => {
  await writeLayouts(layouts);
  place = await mkdtemp(path.join(tmpdir(), "scheme-remarks-"));
});
afterAll(() => rm(place, { recursive: true, force: true }));

const SMALL = { filters: 2, discriminatorFilters: 2, blocks: 1 };
const ENLARGED = { model: "esrgan", ...SMALL, warmUp: 0, batchSize: 2 } as const;

/** What is said before the first round, what the plan and the run warn of, and the plan. */
async function remarksOf(changes: Partial<TrainRequest>) {
  const notices: string[] = [];
  const request: TrainRequest = {
    ...{ clock: Date.now, signal: new AbortController().signal },
    onProgress: ({ notice }: Progress) => notice !== undefined && notices.push(notice),
    recording: { sampleInterval: 0 },
    ...{ rounds: 1, computation: { threads: 1 }, folder: path.join(place, "run"), ...changes },
  };
  const plan = await planTraining({ ...request, onProgress: () => {} });
  const trained = await train(request);
  await rm(request.folder, { recursive: true });
  return { plan, notices, trained };
}

describe("without a network that compares features", () => {
  it("esrgan says once, before it trains, what stands in for it and what to give", async () => {
    const { plan, notices, trained } = await remarksOf({ data: { data: "drawn-larger" }, model: ENLARGED });
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/the pixel term of esrgan has the weight of the perceptual one \(1\)/);
    expect(notices[0]).toContain("--perceptual vgg19 ");
    expect(plan.warnings.map(({ code }) => code)).toContain("no-perceptual");
    expect(trained.warnings.map(({ code }) => code)).not.toContain("no-perceptual");
  });

  it.each([{ perceptual: "random" }, { termWeights: { perceptual: 0, pixel: 1 } }])(
    "nothing is said with %o",
    async (choice) => {
      const model = { ...ENLARGED, ...choice };
      expect((await remarksOf({ data: { data: "drawn-larger" }, model })).notices).toEqual([]);
    },
  );
});

describe("a warm-up", () => {
  const recording = { sampleInterval: 0 };

  it("that lasts the whole run is said to leave the discriminator untrained", async () => {
    const model = { ...ENLARGED, perceptual: "random", warmUp: 2 } as const;
    const { notices } = await remarksOf({ data: { data: "drawn-larger" }, model, recording, rounds: 2 });
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/all 2 rounds are warm-up \(2 rounds\)/);
  });

  it("that ends before the run does is not remarked upon", async () => {
    const model = { ...ENLARGED, perceptual: "random", warmUp: 1 } as const;
    expect(
      (await remarksOf({ data: { data: "drawn-larger" }, model, recording, rounds: 2 })).notices,
    ).toEqual([]);
  });
});

describe("--eval-every that scores nothing", () => {
  const recording = { evalEvery: 1, evalMetrics: ["l1"], sampleInterval: 0 };

  it("is said of a model whose makers have no right answer", async () => {
    const model = { model: "cogan", ...SMALL, latentDim: 4, batchSize: 2 } as const;
    const { blocks: _, ...own } = model;
    const { notices, plan } = await remarksOf({ data: { data: "drawn-coupled" }, model: own, recording });
    expect(notices.join("\n")).toContain("--eval-every 1 scores nothing: cogan makes no images");
    expect(plan.warnings.map(({ code }) => code)).toContain("no-scores");
  });

  it("is said where nothing is held out", async () => {
    const model = { model: "pix2pix", filters: 2, discriminatorFilters: 2, discriminatorLayers: 1 } as const;
    const data = { data: path.join(layouts, "side by side"), imgSize: 8 };
    const { notices } = await remarksOf({ data, model, recording });
    expect(notices.join("\n")).toContain("expected at least 2 held-out images, got 0");
  });

  it("is not said where there are scores, nor where none are asked for", async () => {
    const model = { model: "pix2pix", ...SMALL, discriminatorLayers: 1 } as const;
    const data = { data: "drawn-outline" };
    expect((await remarksOf({ data, model, recording })).notices).toEqual([]);
    expect((await remarksOf({ data, model })).notices).toEqual([]);
  });
});
