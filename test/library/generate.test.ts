import { expect, it } from "vitest";
import { OPTIONS } from "../../src/cli/options.ts";
import { generate, interpolate, train } from "../../src/index.ts";
import { emptyFolder } from "../runs/empty-folder.ts";

it("samples and paths that are asked for without numbers have the command line's", async () => {
  const out = emptyFolder();
  const { folder: run } = await train({ data: "ring", rounds: 1, folder: `${out}/run` });
  const samples = await generate({ run, out: `${out}/points.npy` });
  expect(samples).toMatchObject({ n: OPTIONS.n.default, seed: OPTIONS.seed.default });
  const paths = await interpolate({ run, out: `${out}/paths.png` });
  expect(paths).toMatchObject({ steps: OPTIONS.steps.default, paths: OPTIONS.paths.default });
});
