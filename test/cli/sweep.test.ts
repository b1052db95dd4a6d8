import { describe, expect, it } from "vitest";
import { entriesToComparison } from "../../src/compare/entries-to-comparison.ts";
import type { SweepOptions, SweepResult } from "../../src/sweep/sweep.ts";
import { entry } from "../compare/entries.ts";
import { libraryOf, run } from "./command-line.ts";

const comparison = entriesToComparison([entry("gan", 1e-3, 1, 0.5), entry("gan", 1e-2, 1, 0.75)]);

async function sweepOf(
  argv: readonly string[],
  end: (options: SweepOptions) => Partial<SweepResult["runs"][number]> = () => ({}),
) {
  let seen: SweepOptions | undefined;
  let compared: unknown;
  const ran = await run(["sweep", ...argv], {
    library: libraryOf({
      sweep: async (options) => {
        seen = options;
        const { folder, runs } = options;
        return {
          folder,
          runs: runs.map(({ name }) => ({
            name,
            folder: `${folder}/${name}`,
            ending: "finished",
            ...end(options),
          })),
        };
      },
      compareRunFolders: async (...given) => {
        compared = given;
        return comparison;
      },
    }),
  });
  return { ran, seen: seen!, compared };
}

describe("the runs of a command line", () => {
  const line =
    "--model gan,wgan_gp --lr 1e-5..1e-2 --points 7 --seeds 3 --vary b1=0,0.5 --data ring --rounds 50";

  it("are models times rates times options times seeds", async () => {
    const { seen, ran, compared } = await sweepOf(line.split(" "));
    expect(ran.exitCode).toBe(0);
    expect(seen.runs).toHaveLength(2 * 7 * 2 * 3);
    expect(seen.folder).toBe("sweeps/gan+wgan_gp-ring");
    expect(seen.runs[0]).toMatchObject({
      name: "gan_lr=1e-5_b1=0_seed=2020",
      request: {
        ...{ folder: "sweeps/gan+wgan_gp-ring/gan_lr=1e-5_b1=0_seed=2020", lr: 1e-5, rounds: 50 },
        ...{
          data: { data: "ring" },
          model: { model: "gan", b1: 0 },
          recording: { seed: 2020, evalEvery: 1000 },
        },
      },
    });
    expect((compared as unknown[])[0]).toHaveLength(84);
  });

  it("have the command line that repeats each", async () => {
    const { seen } = await sweepOf([...line.split(" "), "--spectral-norm", "both", "--threads", "1"]);
    expect(seen.runs[0].request.command!.join(" ")).toBe(
      "gan-eval train --data ring --model gan --spectral-norm both --rounds 50 --lr 0.00001 --b1 0 --seed 2020 --eval-every 1000 --threads 1 --out sweeps/gan+wgan_gp-ring/gan_lr=1e-5_b1=0_seed=2020",
    );
  });

  it("are plain data, which another process can be told", async () => {
    const { seen } = await sweepOf(line.split(" "));
    const [{ request }] = seen.runs;
    expect(structuredClone(request)).toEqual(request);
    expect(Object.keys(request)).not.toEqual(expect.arrayContaining(["signal"]));
  });

  it("are of modules of one's own, too, by any path", async () => {
    const { seen } = await sweepOf(
      "--model ./models/bigan.mjs,gan --vary weight.adversarial=1,5 --seeds 1 --data digits".split(" "),
    );
    expect(seen.folder).toBe("sweeps/bigan+gan-digits");
    expect(seen.runs.map(({ name }) => name)).toEqual([
      expect.stringMatching(/^bigan~[0-9a-f]{8}_weight\.adversarial=1_seed=2020$/),
      expect.stringMatching(/^bigan~[0-9a-f]{8}_weight\.adversarial=5_seed=2020$/),
      "gan_weight.adversarial=1_seed=2020",
      "gan_weight.adversarial=5_seed=2020",
    ]);
    expect(seen.runs[1].request.model).toEqual({
      model: "./models/bigan.mjs",
      termWeights: { adversarial: 5 },
    });
    expect(seen.runs[1].request.command!.join(" ")).toContain(
      "--model ./models/bigan.mjs --weight adversarial=5",
    );
  });

  it("vary lists of names, whole numbers and switches", async () => {
    const { seen } = await sweepOf(
      "--vary penalty=none,interpolated+r1 --vary n_critic=1..3 --points 3 --vary minibatch-deviation=true,false --seeds 1 --data ring".split(
        " ",
      ),
    );
    expect(seen.runs).toHaveLength(2 * 3 * 2);
    const models = seen.runs.map(({ request }) => request.model!);
    expect(new Set(models.map(({ discriminatorSteps }) => discriminatorSteps))).toEqual(new Set([1, 2, 3]));
    expect(models.at(-1)!.penalty).toEqual([{ name: "interpolated" }, { name: "r1" }]);
    expect(seen.runs[0].name).toBe("gan_penalty=none_nCritic=1_minibatchDeviation=true_seed=2020");
  });

  it.each([
    ["--model gan,wgam", "usage.option-value", "wgan"],
    ["--model ./bigan.ts", "usage.option-value", ".js or .mjs"],
    ["--vary b3=1", "usage.vary", "b1"],
    ["--vary lr=1", "usage.vary", undefined],
    ["--vary b1", "usage.vary", "--vary b1=0,0.5"],
    ["--vary b1=0,2", "usage.option-value", undefined],
    ["--vary b1=0 --vary b1=1", "usage.vary", undefined],
    ["--lr 1e-2..1e-4", "usage.sweep-values", "1e-4..1e-2"],
    ["--lr fast", "usage.option-value", undefined],
    ["--vary penalty=gradient", "usage.option-value", undefined],
  ])("%s is refused before anything is trained", async (line, code, hint) => {
    const { ran, seen } = await sweepOf(line.split(" "));
    expect(seen).toBeUndefined();
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain(`[${code}]`);
    if (hint) expect(ran.stderr).toContain(hint);
  });
});

describe("the end of a sweep", () => {
  it("is the comparison, with failures counted by what they say", async () => {
    let i = 0;
    const { ran } = await sweepOf("--lr 1e-3,1e-2 --seeds 2 --data ring".split(" "), () =>
      i++ === 0 ? {} : { ending: "failed", error: "disk full" },
    );
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout).toContain("lr 1e-3");
    expect(ran.stderr).toContain("and 2 more: disk full");
  });

  it("where every run failed is an error with what they say", async () => {
    const { ran } = await sweepOf("--data ring".split(" "), () => ({
      ending: "failed",
      error: "no such file",
    }));
    expect(ran.exitCode).toBe(3);
    expect(ran.stderr).toMatch(/3 failures: no such file/);
  });
});

describe("compare", () => {
  it("takes folders or result files, and not both", async () => {
    const seen: unknown[] = [];
    const library = libraryOf({
      compareRuns: async (...given) => {
        seen.push(given[0]);
        return comparison;
      },
      compareResults: async (...given) => {
        seen.push(given);
        return comparison;
      },
    });
    expect((await run(["compare", "runs/a", "runs/b"], { library })).exitCode).toBe(0);
    expect(
      (await run(["compare", "a.json", "b.JSON", "--baseline", "a.json", "--metric", "fid"], { library }))
        .exitCode,
    ).toBe(0);
    const watch = { signal: expect.any(AbortSignal), onProgress: expect.any(Function) };
    expect(seen).toEqual([
      ["runs/a", "runs/b"],
      [
        ["a.json", "b.JSON"],
        { at: "best", force: false, groupBy: "file", metric: "fid", baseline: "a.json", ...watch },
      ],
    ]);
    const mixed = await run(["compare", "a.json", "runs/b"], { library });
    expect(mixed.exitCode).toBe(2);
    expect(mixed.stderr).toContain("[usage.compare]");
  });

  it("prints the comparison in every format", async () => {
    const library = libraryOf({ compareRuns: async () => comparison });
    expect(JSON.parse((await run(["compare", "runs", "--json"], { library })).stdout)).toEqual(comparison);
    expect((await run(["compare", "runs", "--csv"], { library })).stdout).toMatch(/^name,status,lr,/);
    expect((await run(["compare", "runs", "--md"], { library })).stdout).toMatch(/^\| options \|/);
  });
});

describe("a part of a sweep", () => {
  const sweep = async (options: SweepOptions): Promise<SweepResult> => ({
    folder: options.folder,
    runs: options.part!.index >= options.runs.length ? [] : [ended(options)],
  });
  const ended = ({ folder, runs, part }: SweepOptions, ending: "finished" | "failed" = "finished") => {
    const { name } = runs[part?.index ?? 0];
    return { name, folder: `${folder}/${name}`, ending };
  };
  const compareRunFolders = async () => comparison;
  const words = "sweep --lr 1e-3,1e-2 --seeds 1 --data ring --out s".split(" ");

  it("has one thread a run unless it is asked for more, so that no bit depends on the machine", async () => {
    for (const [asked, threads] of [
      [[], 1],
      [["--threads", "3"], 3],
    ] as const) {
      const { seen } = await sweepOf([...words.slice(1), "--part", "1/2", ...asked]);
      expect(seen.part).toEqual({ index: 1, of: 2 });
      // The whole plan: whoever trains takes the share.
      expect(seen.runs).toHaveLength(2);
      for (const { request } of seen.runs) expect(request.computation!.threads).toBe(threads);
    }
  });

  it.each(["2/2", "4/3", "0/0", "-1/2", "1", "1-2"])(
    "%s is refused, with where arrays begin",
    async (part) => {
      const ran = await run([...words, `--part=${part}`], { library: libraryOf({ sweep }) });
      expect(ran.exitCode).toBe(2);
      expect(ran.stderr.replace(/\s+/g, " ")).toContain("an array of Slurm must begin at 0");
    },
  );

  it("and --collect exclude each other", async () => {
    const ran = await run([...words, "--part", "0/2", "--collect"], { library: libraryOf({ sweep }) });
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain("[usage.conflicting-option]");
  });

  it("without runs says so and exits 0; every part warns of it", async () => {
    const library = libraryOf({ sweep, compareRunFolders });
    const [first, third] = await Promise.all(
      ["0/3", "2/3"].map((part) => run([...words, "--part", part], { library })),
    );
    expect([first.exitCode, third.exitCode]).toEqual([0, 0]);
    expect(third.stdout).toContain("part 2/3 has nothing to do: the sweep has 2 runs");
    for (const { stderr } of [first, third]) expect(stderr).toContain("2 runs in 3 parts");
    expect(first.stdout).toContain("lr 1e-3");
    expect(first.stderr).toContain("--collect");
  });

  it("of which a run is at work elsewhere exits 3 and names it", async () => {
    const library = libraryOf({
      compareRunFolders,
      sweep: async (options) => ({
        folder: options.folder,
        runs: [ended(options)],
        missing: [{ name: "gan_x", folder: "s/gan_x", state: "at-work" }],
      }),
    });
    const ran = await run([...words, "--part", "0/1"], { library });
    expect(ran.exitCode).toBe(3);
    expect(ran.stderr.replace(/\s+/g, " ")).toMatch(/got 1 that have not: 1 at work \(gan_x\)/);
    expect(ran.stdout).toContain("lr 1e-3");
  });
});

describe("--collect", () => {
  const words = "sweep --lr 1e-3,1e-2 --seeds 3 --data ring --out s --collect".split(" ");
  const collectOf = (ended: number) =>
    run(words, {
      library: libraryOf({
        compareRunFolders: async () => comparison,
        collectSweep: async ({ folder, runs }) => ({
          folder,
          runs: runs
            .slice(0, ended)
            .map(({ name }) => ({ name, folder: `${folder}/${name}`, ending: "skipped" as const })),
          missing: runs
            .slice(ended)
            .map(({ name }) => ({ name, folder: `${folder}/${name}`, state: "not-begun" as const })),
        }),
      }),
    });

  it("prints the comparison of all runs, and exits 0 where none is missing", async () => {
    const ran = await collectOf(6);
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout).toContain("lr 1e-3");
    expect(ran.stderr).toContain("scores.csv has one row per run");
  });

  it("exits 3 while runs are missing: first few by name, with what to do", async () => {
    const ran = await collectOf(1);
    expect(ran.exitCode).toBe(3);
    expect(ran.stdout).toContain("lr 1e-3");
    const said = ran.stderr.replace(/\s+/g, " ");
    expect(said).toMatch(/got 5 that have not: 5 not begun \(gan_lr=1e-2_seed=2020, .+, .+ and 2 more\)/);
    expect(said).toContain("Submit the array again");
  });

  it("is an error where nothing has ended", async () => {
    const ran = await collectOf(0);
    expect(ran.exitCode).toBe(3);
    expect(ran.stderr).toContain("[run.sweep-missing]");
    expect(ran.stdout).toBe("");
  });
});
