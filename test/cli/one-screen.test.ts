/** What a person sees of `gan-eval fid` on a terminal of 80 columns and 24 lines, with as many warnings as are usual. */
import { describe, expect, it } from "vitest";
import { joinSides, warningsOfSide } from "../../src/evaluate/sides/side-warnings.ts";
import { sampleSizeWarnings } from "../../src/evaluate/warnings.ts";
import { ownFiguresWarning } from "../../src/extractors/own-figures.ts";
import { NoticeCounts } from "../../src/images/image-notices.ts";
import { libraryOf, run } from "./command-line.ts";
import { evaluation } from "./evaluation.ts";

function sourceWarnings(n: number) {
  const counts = new NoticeCounts();
  for (let i = 0; i < n; i++) counts.add(["lossy"], 500 + (i % 25), 333);
  return counts.toWarnings();
}

const LONG = "/data/experiments/flowers/images";

describe("a measurement", () => {
  it.each([
    ["small sets of photos of many sizes", 40, 40, 512],
    ["unequal sets of photos of many sizes", 40, 60, 512],
    ["small sets", 6, 60, 2048],
    ["large sets", 5000, 9000, 2048],
  ])("of %s fits one screen", async (_what, real, fake, dims) => {
    const warnings = joinSides([
      ...sampleSizeWarnings(real, fake, dims),
      ...warningsOfSide("real", sourceWarnings(real)),
      ...warningsOfSide("fake", sourceWarnings(fake)),
      ownFiguresWarning("those of an untrained network, seed 2020"),
    ]);
    const whole = evaluation();
    const metrics = { frechet_inception_distance: 299.14046312 };
    const library = libraryOf({ evaluate: async () => ({ ...whole, metrics, warnings }) });
    const terminal = { isTTY: true, columns: 80 };
    const { stdout, stderr } = await run(
      ["fid", "--real", `${LONG}/real`, "--fake", `${LONG}/fake`, "--no-color"],
      {
        library,
        stdout: terminal,
        stderr: { ...terminal, write: () => {} },
      },
    );
    const lines = `${stdout}${stderr}`.trimEnd().split("\n");
    // A terminal breaks what is longer than it is wide.
    const rows = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 80)), 0);
    expect(rows, lines.join("\n")).toBeLessThanOrEqual(24);
  });
});
