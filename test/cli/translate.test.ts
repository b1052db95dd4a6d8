/** `gan-eval translate` from its words to the files that it writes. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { library } from "../../src/cli/library.ts";
import { pixelsToPng } from "../../src/images/sinks/encode-png.ts";
import { makeRunFolder } from "../runs/run-folder.ts";
import { makeSchemeRunFolder } from "../runs/scheme-run-folder.ts";
import { emptyFolder, run } from "./command-line.ts";

const folder = emptyFolder();
const at = (name: string): string => path.join(folder, name);

async function writeImage(name: string, width: number, height: number): Promise<void> {
  await mkdir(path.dirname(at(name)), { recursive: true });
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 37) % 256);
  await writeFile(at(name), await pixelsToPng(pixels, { width, height, channels: 3 }));
}

/** Height and width in the header of a PNG. */
const pngToSize = (bytes: Buffer): number[] => [bytes.readUInt32BE(20), bytes.readUInt32BE(16)];

beforeAll(async () => {
  await makeSchemeRunFolder(at("run"));
  await makeRunFolder(at("generator"));
  await writeImage("in/one.png", 16, 16);
  await writeImage("in/below/two.png", 40, 20);
});

const translate = (...words: string[]) =>
  run(["translate", "--threads", "1", ...words], { library, cwd: folder });

describe("translate", () => {
  it("keeps names and folders, brings images of other sizes to the run's, and says so", async () => {
    const ran = await translate("--run", at("run"), "--in", at("in"), "--out", at("out"));
    expect(ran.stderr).toContain("1 images of other proportions than 16x16 lost their edges");
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout).toMatch(/a-to-b of 2 images, 16 x 16 x 3 of 16 x 16 x 3/);
    expect(readdirSync(at("out"), { recursive: true }).sort()).toEqual(["below", "below/two.png", "one.png"]);
    expect(pngToSize(readFileSync(at("out/below/two.png")))).toEqual([16, 16]);
  });

  it("makes images of another size where it is asked to", async () => {
    const words = ["--run", at("run"), "--in", at("in/one.png"), "--out", at("large"), "--img-size", "40x24"];
    const ran = await translate(...words, "--maker", "b-to-a", "--json");
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({ maker: "b-to-a", n: 1, shape: [24, 40, 3] });
    expect(pngToSize(readFileSync(at("large/one.png")))).toEqual([24, 40]);
  });

  it.each([
    [
      "another maker than the run has",
      ["--maker", "a-to-c"],
      ["expected one of a-to-b, b-to-a as --maker, got a-to-c", "Did you mean a-to-b?"],
    ],
    ["a run that is not there", ["--run", "nowhere"], ["nowhere"]],
    ["a run of a generator", ["--run", at("generator")], ["got one of gan", "gan-eval generate"]],
    ["a folder that is there", ["--out", at("in")], [at("in")]],
    ["a size that the networks do not take", ["--img-size", "30"], ["30x30", "Leave --img-size out"]],
    ["several images of one", ["--variants", "3"], ["expected 1 variant of a-to-b, got 3"]],
    ["attributes", ["--set", "Male=1"], ["expected no attributes for a-to-b"]],
  ] as const)("refuses %s, and writes nothing", async (_, changes, said) => {
    const given = { "--run": at("run"), "--in": at("in"), "--out": at("refused") } as Record<string, string>;
    for (let i = 0; i < changes.length; i += 2) given[changes[i]] = changes[i + 1];
    const before = readdirSync(at("in"), { recursive: true });
    const ran = await translate(...Object.entries(given).flat());
    expect(ran.exitCode).not.toBe(0);
    for (const words of said) expect(ran.stderr.replace(/\s+/g, " ")).toContain(words);
    expect(existsSync(at("refused"))).toBe(false);
    expect(readdirSync(at("in"), { recursive: true })).toEqual(before);
  });

  it("needs a run, images and a folder", async () => {
    const ran = await translate("--run", at("run"));
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain("--in IMAGES and --out DIR");
  });
});

it("a maker that reads two images is refused with what to do", async () => {
  const fields = { a: [32, 32, 3], b: [32, 32, 3] };
  const choices = { blocks: undefined, discriminatorLayers: 1 };
  await makeSchemeRunFolder(at("many"), { model: "bicyclegan", fields, choices });
  const words = ["--run", at("many"), "--in", at("in"), "--out", at("refused"), "--maker", "encoded"];
  const ran = await translate(...words);
  expect(ran.exitCode).toBe(2);
  expect(ran.stderr).toContain("expected a maker that needs one image at a time");
});
