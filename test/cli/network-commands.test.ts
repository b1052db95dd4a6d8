import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { library } from "../../src/cli/library.ts";
import type { NetworkRow } from "../../src/networks/table.ts";
import { type Origin, openOrigin, serving } from "../inception/loopback-origin.ts";
import { CONTENT, toSha256 } from "../networks/made-up-network.ts";
import { emptyFolder, run } from "./command-line.ts";

/** The official files are not to be had in tests: small ones take the place of two of them. */
vi.mock("../../src/networks/table.ts", async (original) => {
  const table = await original<typeof import("../../src/networks/table.ts")>();
  const { NETWORKS } = table;
  const { CONTENT: bytes, toSha256: hash } = await import("../networks/made-up-network.ts");
  const small = (row: NetworkRow): NetworkRow => ({
    ...row,
    file: { ...row.file, bytes: bytes.length, sha256: hash(bytes) },
  });
  return {
    ...table,
    NETWORKS: {
      ...NETWORKS,
      "dinov2-s": small(NETWORKS["dinov2-s"]),
      "clip-b-32": small(NETWORKS["clip-b-32"]),
    },
  };
});

let folder: string;
let origin: Origin;
beforeEach(async () => {
  folder = emptyFolder();
  origin = await openOrigin();
  vi.stubEnv("GAN_EVAL_NETWORK_URL", new URL("/mirror", origin.url).href);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await origin.close();
});

const network = (...argv: readonly string[]) => run(["network", ...argv, "--cache-dir", folder], { library });
const file = async (bytes: Uint8Array, name = "given.pth"): Promise<string> => {
  const location = path.join(folder, name);
  await writeFile(location, bytes);
  return location;
};
const installed = () => readdir(path.join(folder, "networks")).catch(() => []);
const sha256 = toSha256(CONTENT);

describe("network list", () => {
  it("says of every network whether it is there, how large it is, under which licence, and whether its hash was seen", async () => {
    const text = (await network("list", "--csv")).stdout;
    const rows = text
      .trim()
      .split(/\r?\n/)
      .map((line) => line.split(",").slice(0, 6).join(","));
    expect(rows).toEqual([
      "name,state,size,width,licence,hash",
      expect.stringMatching(/^inception,,84\.8 MiB,/),
      "dinov2-s,,87.9 KiB,384,Apache-2.0,unverified",
      "dinov2-b,,330.3 MiB,768,Apache-2.0,unverified",
      expect.stringMatching(/^dinov2-l,,1\.1 GiB,/),
      "clip-b-32,,87.9 KiB,512,MIT,unverified",
      "clip-l-14,,1.6 GiB,768,MIT,unverified",
      "clip-l-336,,1.6 GiB,768,MIT,unverified",
      "vgg16,,527.8 MiB,,BSD-3-Clause,unverified",
      "vgg19,,548.1 MiB,,BSD-3-Clause,unverified",
      "alexnet,,233.1 MiB,,BSD-3-Clause,unverified",
    ]);
  });

  it("lists what was imported, other weights beside it, and what is damaged with a warning", async () => {
    await network("import", "dinov2-s", await file(CONTENT));
    await network("import", "dinov2-s", await file(CONTENT.subarray(1)), "--other-weights");
    await mkdir(path.join(folder, "networks/vgg16"));
    await writeFile(path.join(folder, "networks/vgg16/manifest.json"), "{}");
    const { stdout, stderr } = await network("list");
    expect(stdout).toMatch(/dinov2-s +installed +87\.9 KiB +384 +Apache-2\.0 +verified/);
    expect(stdout).toMatch(/dinov2-s-other-weights +installed +87\.9 KiB +384 +Apache-2\.0 +other weights/);
    expect(stdout).toMatch(/vgg16 +damaged/);
    expect(stderr).toContain("gan-eval network remove vgg16");
    const { schema, networks } = JSON.parse((await network("list", "--json")).stdout);
    expect(schema).toBe("gan-eval/networks/1");
    expect(networks[1]).toMatchObject({
      name: "dinov2-s",
      verified: true,
      installed: { official: true, from: "given.pth", sha256 },
      others: [{ id: "dinov2-s-other-weights", official: false }],
    });
  });
});

describe("network info", () => {
  it("says where the file is to be had, what it is held to, and how it gets here", async () => {
    const { stdout, stderr } = await network("info", "clip-b-32");
    expect(stdout).toContain("https://huggingface.co/openai/clip-vit-base-patch32/resolve/");
    expect(stdout).toMatch(new RegExp(`pinned +sha256\\s+${sha256}\\s+\\(unverified\\)`));
    expect(stderr).toContain("gan-eval network import clip-b-32 FILE");
  });

  it("knows Inception by both of its files", async () => {
    const { files } = JSON.parse((await network("info", "inception", "--json")).stdout);
    expect(files.map(({ name }: { name: string }) => name)).toEqual([
      "inception-2015-12-05.tgz",
      "pt_inception-2015-12-05-6726825d.pth",
    ]);
  });
});

describe("network download", () => {
  it("installs every network that is named, from the mirror, whatever forbids downloads at first use", async () => {
    vi.stubEnv("GAN_EVAL_NO_DOWNLOAD", "1");
    origin.answer = serving(CONTENT);
    const ran = await network("download", "dinov2-s", "clip-b-32", "--json");
    expect(ran.exitCode).toBe(0);
    const { networks } = JSON.parse(ran.stdout);
    expect(networks.map((facts: object) => ({ ...facts, folder: "", from: "" }))).toEqual(
      ["dinov2-s", "clip-b-32"].map((id) => ({
        ...{ id, folder: "", from: "", bytes: CONTENT.length, sha256, official: true },
      })),
    );
    expect(ran.during).toContain("downloading the network dinov2-s (0 MiB, Apache-2.0) from 127.0.0.1:");
    expect(ran.during).not.toContain("--offline");
    expect(await installed()).toEqual(["clip-b-32", "dinov2-s"]);
  });

  it("begins with none where one name is wrong, and says which was meant", async () => {
    const ran = await network("download", "dinov2-s", "dinov2-x");
    expect([ran.exitCode, ran.stderr]).toEqual([2, expect.stringContaining("Did you mean dinov2-")]);
    expect(origin.ranges).toEqual([]);
  });

  it("ends with exit code 3 and the answer of the server where it refuses", async () => {
    const ran = await network("download", "dinov2-s");
    expect(ran.exitCode).toBe(3);
    expect(ran.stderr).toContain("the server answered 404");
    expect(ran.stderr).toContain("gan-eval network import dinov2-s FILE");
  });
});

describe("network import", () => {
  it("refuses another file, and takes it under another name where that is asked for", async () => {
    const other = await file(CONTENT.slice().fill(1, 0, 1));
    const refused = await network("import", "dinov2-s", other);
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toContain(sha256);
    expect(await installed()).toEqual([]);
    const taken = await network("import", "dinov2-s", other, "--other-weights");
    expect(taken.stderr).toContain("dinov2-s-other-weights is used only if it is named: --weights");
    expect(await installed()).toEqual(["dinov2-s-other-weights"]);
  });

  it("hands Inception to its own import", async () => {
    const ran = await network("import", "inception", await file(CONTENT));
    expect([ran.exitCode, ran.stderr]).toEqual([3, expect.stringContaining("inception-2015-12-05.tgz")]);
  });
});

describe("network verify", () => {
  it("is content with whole files, and ends with exit code 1 where a byte was changed", async () => {
    expect((await network("verify")).stdout).toBe(`no network is installed in ${folder}\n`);
    await network("import", "dinov2-s", await file(CONTENT));
    await network("import", "clip-b-32", await file(CONTENT));
    const whole = await network("verify", "--json");
    expect([whole.exitCode, JSON.parse(whole.stdout).networks]).toEqual([
      0,
      [
        { id: "dinov2-s", state: "whole" },
        { id: "clip-b-32", state: "whole" },
      ],
    ]);
    const location = path.join(folder, "networks/clip-b-32/clip-vit-base-patch32.pytorch_model.bin");
    const { size } = await stat(location);
    await writeFile(location, CONTENT.slice().fill(3, 7, 8));
    expect((await stat(location)).size).toBe(size);
    const damaged = await network("verify");
    expect(damaged.exitCode).toBe(1);
    expect(damaged.stdout).toMatch(/dinov2-s +whole/);
    expect(damaged.stdout).toMatch(/clip-b-32 +damaged/);
    expect((await network("verify", "dinov2-s")).exitCode).toBe(0);
  });

  it("ends with exit code 1 where a network that is named is not there", async () => {
    const ran = await network("verify", "vgg19");
    expect([ran.exitCode, ran.stdout]).toEqual([1, expect.stringContaining("network download vgg19")]);
  });
});

describe("network remove", () => {
  it("removes what is named and leaves the rest", async () => {
    await network("import", "dinov2-s", await file(CONTENT));
    await network("import", "clip-b-32", await file(CONTENT));
    const ran = await network("remove", "dinov2-s", "vgg16");
    expect([ran.exitCode, ran.stdout]).toEqual([
      0,
      expect.stringMatching(/^removed dinov2-s, \d+\.\d KiB\nvgg16 was not installed\n$/),
    ]);
    expect(await installed()).toEqual(["clip-b-32"]);
  });
});

describe("doctor", () => {
  it("lists the networks that are installed, and the damaged ones as problems", async () => {
    await network("import", "dinov2-s", await file(CONTENT));
    await mkdir(path.join(folder, "networks/vgg16"));
    await writeFile(path.join(folder, "networks/vgg16/manifest.json"), "{}");
    const { CHECKS } = await import("../../src/cli/commands/doctor/doctor-checks.ts");
    const findings = await CHECKS.networks({ library } as Parameters<(typeof CHECKS)[string]>[0], folder);
    expect(findings.map(({ name, state }) => `${name} ${state}`)).toEqual([
      "inception absent",
      "dinov2-s ok",
      "vgg16 problem",
      "digits ok",
    ]);
  });
});
