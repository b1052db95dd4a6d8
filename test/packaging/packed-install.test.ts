import { spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { takeForPinned } from "../cli/take-for-pinned.ts";
import { openOrigin, serving } from "../inception/loopback-origin.ts";
import { PAGE_CODE, PAGE_PROGRAMS } from "../train/schemes/schemes-page.ts";
import { officialDinov2 } from "./official-dinov2.ts";
import { installPacked, packProgram, type Ran, reachesRegistry, runAsUser } from "./packed-package.ts";

const root = path.resolve(import.meta.dirname, "../..");

interface Locked {
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly resolved?: string;
}

const lock = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")) as {
  packages: Record<string, Locked>;
};

describe("what the package depends on", () => {
  it("no dependency runs a script when it is installed: npm warns of those, and they reach for other hosts", () => {
    // msgpackr-extract, which BullMQ brings: only tests of queues install it, it comes built, and all goes without it.
    const isSpare = ({ dev, optional }: Locked): boolean => Boolean(dev && optional);
    const withScripts = Object.entries(lock.packages).filter(
      ([, locked]) => locked.hasInstallScript && !isSpare(locked),
    );
    expect(withScripts.map(([name]) => name).filter((name) => name !== "")).toEqual([]);
  });

  it("the package itself has no script that npm runs, or warns of, where it is installed", () => {
    const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
    for (const name of ["preinstall", "install", "postinstall", "prepare"])
      expect(scripts[name]).toBeUndefined();
    // npm ci and npm install of a checkout run it, and nothing else does.
    expect(scripts.postprepare).toBe("npm run build");
  });

  it("the lock file names no registry, so that every mirror serves it", () => {
    expect(Object.values(lock.packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
  });

  it("the lock file keeps packages of other platforms, without which npm ci refuses it", () => {
    const others = Object.keys(lock.packages).filter((name) => /canvas-(win32|darwin)/.test(name));
    expect(others.length).toBeGreaterThan(2);
  });
});

const isReached = reachesRegistry();
if (!isReached) console.warn("skipped: the packed package is not installed, no npm registry answers");

describe.skipIf(!isReached)("the packed package, installed where only the npm registry answers", () => {
  let packed: string;
  let project: string;
  let install: Ran;

  beforeAll(() => {
    packed = packProgram();
    ({ project, install } = installPacked(packed));
  }, 600_000);
  afterAll(() => rmSync(packed, { recursive: true, force: true }));

  const program = (...args: readonly string[]): Ran =>
    runAsUser(project, path.join(project, "node_modules/.bin/gan-eval"), args);
  const digits = (name: string): string => path.join(project, "node_modules/gan-eval/fixtures/digits", name);

  it("is installed without flags and without a warning", () => {
    expect(install.output).not.toMatch(/warn|error/i);
    expect(install.code).toBe(0);
  });

  it("shows its help and measures", () => {
    expect(program("--help")).toMatchObject({ code: 0, output: expect.stringContaining("gan-eval fid") });
    const sides = ["--real", digits("real"), "--fake", digits("fake-noisy")];
    const ran = program("fid", ...sides, "--extractor", "digits", "--limit", "100");
    expect(ran.output).toMatch(/Frechet digits distance +\d/);
    expect(ran.code).toBe(0);
  });

  it("trains: gradients are registered", () => {
    const ran = program("train", "--data", "ring", "--model", "gan", "--rounds", "3", "--out", "run");
    expect(ran.output).not.toMatch(/error/);
    expect(ran.code).toBe(0);
  });

  it("trains the model of docs/schemes.md from an empty project: its module, and its object in a program", () => {
    writeFileSync(path.join(project, "bigan.mjs"), PAGE_CODE);
    const sized = ["--data", "digits", "--limit", "200", "--filters", "8", "--batch-size", "8"];
    const trained = program("train", "--model", "./bigan.mjs", ...sized, "--rounds", "3");
    expect(trained.output).toMatch(/runs\/bigan-1: 3 rounds/);
    expect(trained.code).toBe(0);
    const swept = program(
      ...["sweep", "--model", "./bigan.mjs", "--vary", "weight.adversarial=1,5", ...sized],
      ...[
        "--rounds",
        "2",
        "--seeds",
        "1",
        "--eval-every",
        "2",
        "--extractor",
        "digits",
        "--eval-samples",
        "100",
      ],
    );
    expect(swept.output).toMatch(/adversarial 1 [\s\S]*adversarial 5 /);
    expect(swept.code).toBe(0);
    for (const [name, text] of PAGE_PROGRAMS) {
      writeFileSync(path.join(project, name), text);
      expect(runAsUser(project, process.execPath, [name])).toEqual({ code: 0, output: "" });
    }
    const { round, config } = JSON.parse(readFileSync(path.join(project, "runs/bigan-2/run.json"), "utf8"));
    expect(round).toBe(30);
    expect(config).toMatchObject({ model: "scheme:bigan", latentDim: 8 });
  }, 120_000);

  it("downloads a network by name from its place, and measures with it, with nothing else installed", async () => {
    const file = officialDinov2();
    takeForPinned(path.join(project, "node_modules/gan-eval"), "dinov2-s", file);
    const origin = await openOrigin();
    origin.answer = serving(file);
    const run = (...args: readonly string[]): Promise<Ran> =>
      new Promise((resolve) => {
        const child = spawn(path.join(project, "node_modules/.bin/gan-eval"), args, {
          cwd: project,
          env: {
            ...process.env,
            GAN_EVAL_OFFLINE: "0",
            GAN_EVAL_CACHE: path.join(project, "cache"),
            GAN_EVAL_NETWORK_URL: new URL("/nets", origin.url).href,
          },
        });
        let output = "";
        for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
        child.on("close", (code) => resolve({ code, output }));
      });
    try {
      const downloaded = await run("network", "download", "dinov2-s");
      expect(downloaded.output).toMatch(/dinov2-s/);
      expect(downloaded.code).toBe(0);
      const sides = ["--real", digits("real"), "--fake", digits("fake-noisy"), "--limit", "8"];
      const measured = await run("metrics", "--extractor", "dinov2-s", "--metrics", "fid", ...sides);
      expect(measured.output).toMatch(/Frechet dinov2-s distance +\d/i);
      expect(measured.code).toBe(0);
      // Nothing is fetched a second time.
      expect(origin.ranges).toHaveLength(1);
    } finally {
      await origin.close();
    }
  }, 240_000);

  it("is a library", () => {
    writeFileSync(
      path.join(project, "use.mjs"),
      'import { evaluate } from "gan-eval";\nconsole.log(typeof evaluate);\n',
    );
    expect(runAsUser(project, process.execPath, ["use.mjs"])).toEqual({ code: 0, output: "function\n" });
  });
});
