import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bytesToSafetensors, safetensorsToBytes } from "../../src/formats/safetensors.ts";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "../../src/train/checkpoint.ts";
import { holdsOrRefuses, mutationsOf } from "../formats/mutations.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "checkpoint-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const SMALL: Checkpoint = {
  state: {
    "generator/weights/dense1/weights": { data: Float32Array.of(1, 2, 3, -4.5, 1e-40, 0.1), shape: [2, 3] },
    "discriminator/buffers/batch-norm1/mean": { data: Float32Array.of(0), shape: [1] },
  },
  progress: {
    rounds: 12,
    seed: 3,
    streams: { latent: 40, penalty: 0 },
    data: { epoch: 1, taken: 8, stream: 5 },
    numbers: { balance: 0.1 + 0.2, rateFactor: 0.5 },
  },
};

it("checkpoints hold what was written, and nothing else lies beside them", async () => {
  const place = await mkdtemp(path.join(folder, "one-"));
  const file = path.join(place, "c.safetensors");
  await writeCheckpoint(file, SMALL);
  await writeCheckpoint(file, SMALL);
  expect(await readCheckpoint(file)).toEqual(SMALL);
  expect(await readdir(place)).toEqual(["c.safetensors"]);
});

it("cut off or mutated they are read as they are, or refused", async () => {
  const file = path.join(folder, "m.safetensors");
  await writeCheckpoint(file, SMALL);
  const bytes = await readFile(file);
  await fc.assert(
    fc.asyncProperty(mutationsOf(bytes), async (mutated) => {
      await writeFile(file, mutated);
      await holdsOrRefuses(() => readCheckpoint(file));
    }),
    { numRuns: 100 },
  );
  await writeFile(file, bytes.subarray(0, bytes.length - 4));
  await expect(readCheckpoint(file)).rejects.toMatchObject({ code: "input.checkpoint" });
});

it("files that are none are refused, with what they are", async () => {
  const file = path.join(folder, "other.safetensors");
  const refusal = (message: RegExp) => ({
    code: "input.checkpoint",
    message: expect.stringMatching(message),
  });
  await expect(readCheckpoint(path.join(folder, "absent"))).rejects.toMatchObject(refusal(/unreadable data/));
  const tensors = [["w", { data: Float32Array.of(1), shape: [1] }]] as const;
  await writeFile(file, safetensorsToBytes(tensors, {}));
  await expect(readCheckpoint(file)).rejects.toMatchObject(refusal(/tensors without the state of a run/));
  const progress = { schema: "gan-eval/checkpoint/2", ...SMALL.progress };
  await writeFile(file, safetensorsToBytes(tensors, { "gan-eval": JSON.stringify(progress) }));
  await expect(readCheckpoint(file)).rejects.toMatchObject(refusal(/damaged or from another version/));
});

it("the arrays can be read by any program that reads safetensors", async () => {
  const file = path.join(folder, "plain.safetensors");
  await writeCheckpoint(file, SMALL);
  const { tensors } = bytesToSafetensors(await readFile(file), file);
  expect([...tensors.keys()].sort()).toEqual(Object.keys(SMALL.state).sort());
});
