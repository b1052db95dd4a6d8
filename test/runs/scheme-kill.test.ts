/** A run of several networks whose process is killed while it writes a checkpoint. */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildProgram, type SpawnChanges, spawnProgram } from "../cli/built-program.ts";

let program: string;
beforeAll(() => {
  program = buildProgram();
});
afterAll(() => rmSync(program, { recursive: true, force: true }));

const WORDS =
  "train --model cyclegan --data drawn-recolour --filters 4 --discriminator-filters 4 --blocks 1 --discriminator-layers 2 --pool-size 3 --rounds 40 --checkpoint-interval 4 --keep-checkpoints 20 --record-interval 1 --sample-interval 8 --eval-every 10 --eval-samples 20 --eval-metrics l1 --seed 5 --threads 1 --quiet";

const trainInto = (name: string, changes: SpawnChanges = {}) =>
  spawnProgram(program, [...WORDS.split(" "), "--out", name], changes);

const filesOf = (name: string): string[] => {
  const folder = path.join(program, name, "checkpoints");
  return existsSync(folder) ? readdirSync(folder) : [];
};

/** Everything that a run's rounds decide, as it lies on disk. */
const bytesOf = (name: string): Record<string, string> => {
  const folder = path.join(program, name);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (file) => /\.(csv|png|safetensors)$/.test(file) && file !== "timing.csv",
  );
  return Object.fromEntries(
    files.sort().map((file) => [file, readFileSync(path.join(folder, file), "base64")]),
  );
};

it("goes on with the losses, images and weights of a run that nobody killed, wherever the kill fell", async () => {
  const whole = await trainInto("whole");
  expect(whole.code, whole.stderr).toBe(0);
  const expected = bytesOf("whole");
  expect(Object.keys(expected)).toContain("checkpoints/00000040.safetensors");
  const moments: Readonly<Record<string, () => boolean>> = {
    // The first file of the first checkpoint, under whatever name it is written.
    first: () => filesOf("first").length > 0,
    // As soon as the third checkpoint has its name.
    third: () => filesOf("third").includes("00000012.safetensors"),
  };
  for (const [name, isTime] of Object.entries(moments)) {
    const killed = await trainInto(name, { killWhen: { signal: "SIGKILL", isTime } });
    expect(killed.code, "the run was over before the kill").toBeNull();
    const { status } = JSON.parse(readFileSync(path.join(program, name, "run.json"), "utf8"));
    expect(status).toBe("running");
    const resumed = await spawnProgram(program, ["train", "--resume", name, "--quiet"]);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(bytesOf(name), name).toEqual(expected);
  }
});
