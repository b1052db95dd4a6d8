import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadTensorflow } from "../../src/engine/tensorflow.ts";
import { safetensorsToBytes } from "../../src/formats/safetensors.ts";
import { type InceptionWeights, WEIGHTS } from "../../src/inception/architecture.ts";
import { hasOfficialSums } from "../../src/inception/fingerprint.ts";
import { importInception, type NetworkInfo } from "../../src/inception/import.ts";
import { installedInception, readInstalled } from "../../src/inception/installed.ts";
import { readNetwork } from "../../src/inception/read-network.ts";
import { readModelFolder } from "../../src/inception/tfjs-model.ts";
import { cacheFolder } from "../../src/networks/cache-folder.ts";
import { holdsOrRefuses } from "../formats/mutations.ts";
import { tensorsToTorchLegacy, tensorsToTorchZip } from "../formats/pickle-writer.ts";
import { filesToTgz } from "../formats/tar-writer.ts";
import { hasShared, shared } from "../shared.ts";
import {
  networkToGraphDef,
  networkToStateDict,
  seededNetwork,
  type UnfoldedNetwork,
} from "./official-graph.ts";

const PARTIAL = "inception/inception-2015-12-05-partial.safetensors";

let folder: string;
let network: UnfoldedNetwork;
let weights: InceptionWeights;
let hash: string;
const file = (name: string) => path.join(folder, name);
const cacheDir = (name: string) => path.join(folder, "caches", name);

/** The network's own numbers in every kind of file. */
const WRITERS: Readonly<Record<string, (network: UnfoldedNetwork) => Uint8Array>> = {
  "graph.pb": networkToGraphDef,
  "graph.tgz": (network) =>
    filesToTgz([
      { name: "LICENSE", bytes: Buffer.from("...") },
      { name: "classify_image_graph_def.pb", bytes: networkToGraphDef(network) },
    ]),
  "zip.pth": (network) => tensorsToTorchZip(networkToStateDict(network), "pt_inception"),
  "legacy.pth": (network) => tensorsToTorchLegacy(networkToStateDict(network)),
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "import-"));
  network = seededNetwork();
  for (const [name, write] of Object.entries(WRITERS)) await writeFile(file(name), write(network));
  const model = await readNetwork(file("graph.pb"));
  weights = model.weights;
  hash = model.manifest.weightsHash;
  const tensors = WEIGHTS.map(({ name, shape }) => [name, { data: weights.get(name)!, shape }] as const);
  await writeFile(file("whole.safetensors"), safetensorsToBytes(tensors));
});
afterAll(() => rm(folder, { recursive: true }));

describe("one network in every kind of file", () => {
  it.each([
    ["graph.pb", "graphdef"],
    ["graph.tgz", "tgz"],
    ["zip.pth", "torch"],
    ["legacy.pth", "torch"],
    ["whole.safetensors", "safetensors"],
  ])("%s, known by its content, gives the same weights to the bit", async (name, kind) => {
    const unnamed = file(`x-${name.replace(".", "-")}`);
    await rename(file(name), unnamed);
    const { manifest } = await readNetwork(unnamed);
    await rename(unnamed, file(name));
    expect(manifest.weightsHash).toBe(hash);
    expect(manifest.source).toMatchObject({ kind, official: false });
    expect(manifest.source.sha256).toBe(
      createHash("sha256")
        .update(await readFile(file(name)))
        .digest("hex"),
    );
    // Seeded numbers never bear the published network's name.
    expect(manifest.id).toBe("inception-v3-other-weights");
  });

  it.skipIf(!hasShared(PARTIAL))(
    "the real convolutions are known by their sums, and a change of them is seen",
    async () => {
      const real = await readNetwork(shared(PARTIAL), { fillGaps: { seed: 1 } });
      expect(hasOfficialSums(real.weights)).toBe(true);
      expect(hasOfficialSums(weights)).toBe(false);
      const retrained = new Map(real.weights);
      retrained.set(
        "mixed_6/conv/biases",
        real.weights.get("mixed_6/conv/biases")!.map((b) => b * 1.01),
      );
      expect(hasOfficialSums(retrained)).toBe(false);
      expect(real.manifest.id).toBe("inception-v3-gap-filled");
    },
  );
});

describe("the installed folder", () => {
  let info: NetworkInfo;
  const progress: { stage: string; done: number; total: number; unit: string }[] = [];
  beforeAll(async () => {
    info = await importInception(file("graph.pb"), {
      cacheDir: cacheDir("a"),
      onProgress: (p) => progress.push(p),
    });
  });

  it("is a tensorflow.js graph model of shards of 4 MB, and its manifest lists every file", async () => {
    expect(info.folder).toBe(path.join(cacheDir("a"), "networks", "inception-v3-other-weights"));
    const names = (await readdir(info.folder)).sort();
    expect(names).toEqual([...info.manifest.files.map(({ name }) => name), "manifest.json"].sort());
    const shards = info.manifest.files.filter(({ name }) => name.endsWith(".bin"));
    expect(shards.slice(0, -1).every(({ bytes }) => bytes === 4 * 1024 * 1024)).toBe(true);
    for (const { name, sha256 } of info.manifest.files)
      expect(
        createHash("sha256")
          .update(await readFile(path.join(info.folder, name)))
          .digest("hex"),
      ).toBe(sha256);
    expect(Object.keys(info.manifest.ends)).toEqual(
      expect.arrayContaining(["64", "192", "768", "2048", "logits", "logits_unbiased"]),
    );
    const last = progress.at(-1)!;
    expect(last.done).toBe(last.total);
  });

  it("reads back as it was written, and imports again from itself and without its manifest", async () => {
    expect((await readModelFolder(info.folder)).manifest).toEqual(info.manifest);
    const again = await importInception(info.folder, { cacheDir: cacheDir("b") });
    expect(again.manifest).toEqual(info.manifest);
    const bare = file("bare-tfjs");
    await cp(info.folder, bare, { recursive: true });
    await rm(path.join(bare, "manifest.json"));
    const { manifest } = await readNetwork(bare);
    expect(manifest).toMatchObject({ weightsHash: hash, source: { kind: "tfjs", name: "bare-tfjs" } });
  });

  it("is the same bytes each time, whatever the kind of file", async () => {
    const second = await importInception(file("zip.pth"), { cacheDir: cacheDir("c") });
    expect(second.manifest.files).toEqual(info.manifest.files);
    const third = await importInception(file("graph.pb"), { cacheDir: cacheDir("c") });
    const bytes = (network: NetworkInfo) => readFile(path.join(network.folder, "manifest.json"));
    expect(await bytes(third)).toEqual(await bytes(info));
    expect(await readdir(path.dirname(third.folder))).toEqual(["inception-v3-other-weights"]);
  });

  it("is no stand-in for the published network, which is still missing", async () => {
    await expect(readInstalled(cacheDir("a"))).rejects.toMatchObject({
      code: "unavailable.inception-weights",
      hint: expect.stringContaining(`--weights ${info.folder}`),
    });
    expect(await installedInception({ cacheDir: cacheDir("a") })).toBeUndefined();
  });

  it("loads in tensorflow.js itself", async () => {
    const tf = await loadTensorflow();
    const json = JSON.parse(await readFile(path.join(info.folder, "model.json"), "utf8"));
    const [{ paths, weights: specs }] = json.weightsManifest;
    const shards = await Promise.all(paths.map((name: string) => readFile(path.join(info.folder, name))));
    const { modelTopology, signature, format } = json;
    const model = await tf.loadGraphModel(
      tf.io.fromMemory({
        modelTopology,
        signature,
        format,
        weightSpecs: specs,
        weightData: new Uint8Array(Buffer.concat(shards)).buffer,
      }),
    );
    expect(model.inputs.map(({ name, shape }) => [name, shape])).toEqual([["input", [-1, 299, 299, 3]]]);
    expect(model.outputNodes.length).toBe(6);
    const first = await (
      model.weights["conv/weights"] as unknown as { data(): Promise<Float32Array> }[]
    )[0].data();
    expect(first).toEqual(weights.get("conv/weights"));
    model.dispose();
  });

  it("damage of any file is seen when it is read", async () => {
    const copy = file("damaged");
    const damage = async (name: string, change: (bytes: Buffer) => Uint8Array) => {
      const location = path.join(copy, name);
      const before = await readFile(location);
      await writeFile(location, change(Buffer.from(before)));
      const result = await readModelFolder(copy).then(
        () => "read",
        (error) => error.code,
      );
      await writeFile(location, before);
      return result;
    };
    await cp(info.folder, copy, { recursive: true });
    const flip = (bytes: Buffer) => {
      bytes[100] ^= 1;
      return bytes;
    };
    const shard = info.manifest.files[3].name;
    expect(await damage(shard, flip)).toBe("input.network-checksum");
    expect(await damage(shard, (bytes) => bytes.subarray(0, 1000))).toBe("input.network-checksum");
    expect(await damage("model.json", flip)).toBe("input.network-checksum");
    expect(await damage("manifest.json", () => Buffer.from("{"))).toBe("input.network-folder");
    const edited = (change: (manifest: Record<string, unknown>) => unknown) => (bytes: Buffer) =>
      Buffer.from(JSON.stringify(change(JSON.parse(bytes.toString()))));
    expect(
      await damage(
        "manifest.json",
        edited((m) => ({ ...m, formatVersion: 2 })),
      ),
    ).toBe("input.manifest");
    expect(
      await damage(
        "manifest.json",
        edited((m) => ({ ...m, weightsHash: "0".repeat(64) })),
      ),
    ).toBe("input.network-checksum");
    expect(
      await damage(
        "manifest.json",
        edited((m) => ({ ...m, files: [{ name: "../x", bytes: 1, sha256: "0".repeat(64) }] })),
      ),
    ).toBe("input.manifest");
    await rm(path.join(copy, shard));
    await expect(readModelFolder(copy)).rejects.toMatchObject({ code: "input.cannot-read" });
  });

  it("a folder of another graph, or with shards elsewhere, is refused", async () => {
    const copy = file("other-graph");
    await mkdir(copy);
    const json = JSON.parse(await readFile(path.join(info.folder, "model.json"), "utf8"));
    const refused = async (changed: unknown) => {
      await writeFile(path.join(copy, "model.json"), JSON.stringify(changed));
      await expect(readNetwork(copy)).rejects.toMatchObject({ code: "input.other-network" });
    };
    const [group] = json.weightsManifest;
    await refused({});
    await refused(null);
    await refused({ ...json, modelTopology: { node: json.modelTopology.node.slice(1) } });
    await refused({ ...json, weightsManifest: [{ ...group, paths: ["../../../etc/passwd"] }] });
    await refused({ ...json, weightsManifest: [{ ...group, paths: undefined }] });
    await refused({ ...json, weightsManifest: [{ ...group, weights: group.weights.slice(1) }] });
  });
});

it.each([0o022, 0o002, 0o077])("an installed folder and its files follow the umask %o", async (umask) => {
  const cache = cacheDir(`umask-${umask}`);
  const before = process.umask(umask);
  try {
    const { folder: installed } = await importInception(file("graph.pb"), { cacheDir: cache });
    const modeOf = async (at: string) => (await stat(at)).mode & 0o777;
    expect(await modeOf(installed)).toBe(0o777 & ~umask);
    expect(await modeOf(path.dirname(installed))).toBe(0o777 & ~umask);
    for (const name of await readdir(installed))
      expect(await modeOf(path.join(installed, name)), name).toBe(0o666 & ~umask);
  } finally {
    process.umask(before);
  }
});

describe("an import that fails", () => {
  it("on a full disk leaves what was installed, and nothing half-written", async () => {
    const cache = cacheDir("full");
    const first = await importInception(file("whole.safetensors"), { cacheDir: cache });
    let written = 0;
    const write = async (location: string, bytes: Uint8Array) => {
      if (++written === 5)
        throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
      await writeFile(location, bytes);
    };
    await expect(importInception(file("graph.pb"), { cacheDir: cache, write })).rejects.toMatchObject({
      code: "input.cannot-write",
      message: expect.stringContaining("ENOSPC"),
      hint: expect.stringContaining("--cache-dir"),
    });
    expect(await readdir(path.join(cache, "networks"))).toEqual(["inception-v3-other-weights"]);
    const still = await installedInception({
      cacheDir: cache,
      id: "inception-v3-other-weights",
      verify: true,
    });
    expect(still?.manifest).toEqual(first.manifest);
  });

  it("when it is interrupted leaves nothing", async () => {
    const cache = cacheDir("interrupted");
    const controller = new AbortController();
    const onProgress = ({ stage, done }: { stage: string; done: number }) => {
      if (stage === "install" && done === 3) controller.abort();
    };
    const interrupted = importInception(file("graph.pb"), {
      cacheDir: cache,
      signal: controller.signal,
      onProgress,
    });
    await expect(interrupted).rejects.toMatchObject({ name: "AbortError" });
    expect(await readdir(path.join(cache, "networks"))).toEqual([]);
    expect(await installedInception({ cacheDir: cache })).toBeUndefined();
  });

  it("clears away what a killed import left, and not what a running one writes", async () => {
    const cache = cacheDir("killed");
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    const networks = path.join(cache, "networks");
    await mkdir(path.join(networks, `.importing-${pid}-dead`), { recursive: true });
    await mkdir(path.join(networks, `.importing-${process.ppid}-alive`));
    const { folder } = await importInception(file("graph.pb"), { cacheDir: cache });
    expect((await readdir(networks)).sort()).toEqual(
      [`.importing-${process.ppid}-alive`, path.basename(folder)].sort(),
    );
  });

  it("where the cache cannot be made says so", async () => {
    await writeFile(file("a-file"), "x");
    await expect(importInception(file("graph.pb"), { cacheDir: file("a-file") })).rejects.toMatchObject({
      code: "input.cannot-write",
    });
  });
});

describe("files that are not the whole network", () => {
  it.each<[string, string | (() => Promise<Uint8Array>), string]>([
    ["nothing", "absent.pb", "input.cannot-read"],
    ["an empty file", async () => new Uint8Array(0), "input.network-kind"],
    ["a text", async () => Buffer.from("not a network at all"), "input.network-kind"],
    [
      "an archive of other things",
      async () => filesToTgz([{ name: "x", bytes: Buffer.from("y") }]),
      "input.other-network",
    ],
    [
      "a safetensors file of another network",
      async () => safetensorsToBytes([["other", { data: Float32Array.of(1), shape: [1] }]]),
      "input.other-network",
    ],
    [
      "a state dict of another network",
      async () => tensorsToTorchZip([["fc.weight", { data: new Float32Array(4), shape: [2, 2] }]]),
      "input.other-network",
    ],
    [
      "a GraphDef cut off",
      async () => (await readFile(file("graph.pb"))).subarray(0, 50_000_000),
      "input.protobuf",
    ],
    ["a tgz cut off", async () => (await readFile(file("graph.tgz"))).subarray(0, 1_000_000), "input.tar"],
    [
      "a zip .pth cut off",
      async () => (await readFile(file("zip.pth"))).subarray(0, 50_000_000),
      "input.zip",
    ],
    [
      "a legacy .pth cut off",
      async () => (await readFile(file("legacy.pth"))).subarray(0, 50_000_000),
      "input.pickle",
    ],
    [
      "a safetensors file cut off",
      async () => (await readFile(file("whole.safetensors"))).subarray(0, 50_000_000),
      "input.safetensors",
    ],
  ])("%s", async (_what, source, code) => {
    const location = file(typeof source === "string" ? source : "bad");
    if (typeof source !== "string") await writeFile(location, await source());
    await expect(readNetwork(location)).rejects.toMatchObject({ code });
  });

  it("missing and unexpected keys of a state dict are named", async () => {
    const tensors = networkToStateDict(network).filter(([name]) => name !== "Mixed_5c.branch_pool.bn.bias");
    const one = { data: Float32Array.of(1), shape: [1] };
    await writeFile(
      file("bad.pth"),
      tensorsToTorchZip([...tensors, ["surplus", one], ["AuxLogits.fc.bias", one]]),
    );
    await expect(readNetwork(file("bad.pth"))).rejects.toMatchObject({
      message: expect.stringMatching(/missing Mixed_5c\.branch_pool\.bn\.bias; unexpected surplus$/),
    });
  });

  it.skipIf(!hasShared(PARTIAL))(
    "a partial safetensors file is refused by the names of what it lacks",
    async () => {
      await expect(readNetwork(shared(PARTIAL))).rejects.toMatchObject({
        code: "input.incomplete-network",
        message: expect.stringContaining(
          "missing: mixed_9/tower_1/conv_1/weights, mixed_10/tower_1/conv_1/weights, softmax/weights, softmax/biases",
        ),
      });
    },
  );

  it("bytes changed in the heads of the files: read or refused", async () => {
    const scratch = file("mutated");
    for (const name of ["graph.pb", "zip.pth", "legacy.pth", "whole.safetensors"]) {
      await cp(file(name), scratch);
      const handle = await open(scratch, "r+");
      await fc.assert(
        fc.asyncProperty(fc.nat(4000), fc.nat(255), async (at, value) => {
          const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, at);
          await handle.write(Buffer.of(value), 0, 1, at);
          await holdsOrRefuses(() => readNetwork(scratch));
          await handle.write(buffer, 0, 1, at);
        }),
        { numRuns: 4 },
      );
      await handle.close();
    }
  });
});

describe("the cache folder", () => {
  it("is what is asked for, else GAN_EVAL_CACHE, else XDG's, else the home's", () => {
    const env = { GAN_EVAL_CACHE: "/b", XDG_CACHE_HOME: "/c" };
    expect(cacheFolder("/a", env, "/home/u")).toBe(path.resolve("/a"));
    expect(cacheFolder(undefined, env, "/home/u")).toBe(path.resolve("/b"));
    expect(cacheFolder(undefined, { XDG_CACHE_HOME: "/c" }, "/home/u")).toBe(path.join("/c", "gan-eval"));
    for (const none of [{}, { XDG_CACHE_HOME: "relative" }, { GAN_EVAL_CACHE: "", XDG_CACHE_HOME: "" }])
      expect(cacheFolder(undefined, none, "/home/u")).toBe(path.join("/home/u", ".cache", "gan-eval"));
  });
});
