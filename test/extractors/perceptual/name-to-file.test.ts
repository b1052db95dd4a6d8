import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NETWORK_NAMES } from "../../../src/extractors/perceptual/layers.ts";
import { openLpips } from "../../../src/extractors/perceptual/lpips.ts";
import { nameToFile } from "../../../src/extractors/perceptual/name-to-file.ts";
import { errorOf } from "../made-networks.ts";
import { channelsToLin, writeSafetensors } from "./formula-weights.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "gan-eval-names-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const nothingThere = () => ({ cacheDir: path.join(folder, "cache"), offline: true });

describe("the weights of VGG and AlexNet", () => {
  it.each(NETWORK_NAMES)(
    "are asked for by the name %s, and not fetched where that is forbidden",
    async (name) => {
      expect(await errorOf(nameToFile(name, nothingThere()))).toMatchObject({ code: "unavailable.network" });
    },
  );

  it("lie at a path that is no name, be it the name of a folder's file", async () => {
    for (const source of ["./vgg19", "vgg19.pth", "/weights/alexnet"])
      expect(await nameToFile(source, nothingThere())).toBe(source);
  });

  it("are LPIPS's backbone by name, after its own weights were read", async () => {
    const lin = writeSafetensors(folder, "alex.safetensors", channelsToLin([64, 192, 384, 256, 256]));
    const missing = await errorOf(openLpips("alexnet", lin, nothingThere()));
    expect(missing).toMatchObject({
      code: "unavailable.network",
      message: expect.stringContaining("alexnet"),
    });
    const nowhere = await errorOf(openLpips("alexnet", path.join(folder, "none.pth"), nothingThere()));
    expect(nowhere).toMatchObject({ code: "input.cannot-read" });
  });
});
