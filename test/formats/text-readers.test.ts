/** Every reader of text that a user gives, in every encoding that editors and shells write. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readBaseline } from "../../src/check/baseline.ts";
import { HISTORY_SCHEMA, readHistory } from "../../src/check/history.ts";
import { readMeasured } from "../../src/check/read-results.ts";
import { readConfig } from "../../src/cli/config-file.ts";
import { readResults } from "../../src/compare/read-results.ts";
import { bytesToText } from "../../src/formats/text.ts";
import { readLabelFile } from "../../src/images/sources/label-file.ts";
import { openList } from "../../src/images/sources/list.ts";
import { MANIFEST } from "../../src/inception/manifest.ts";
import { readManifest } from "../../src/inception/tfjs-model.ts";
import { readDescription } from "../../src/run-folder/description.ts";
import { readTable } from "../../src/run-folder/read-table.ts";
import { evaluation } from "../cli/evaluation.ts";
import { temporaryFolder } from "../images/made-images.ts";

const swapped = (text: string): Buffer => Buffer.from(text, "utf16le").swap16();

const ENCODINGS: Readonly<Record<string, (text: string) => Buffer>> = {
  "UTF-8": (text) => Buffer.from(text),
  "UTF-8 with a mark": (text) => Buffer.from(`\ufeff${text}`),
  "UTF-16LE with a mark": (text) => Buffer.from(`\ufeff${text}`, "utf16le"),
  "UTF-16BE with a mark": (text) => swapped(`\ufeff${text}`),
  "UTF-16LE": (text) => Buffer.from(text, "utf16le"),
  "UTF-16BE": (text) => swapped(text),
};

const folder = await temporaryFolder();
let files = 0;
async function fileOf(bytes: Uint8Array, name = "file.txt"): Promise<string> {
  const own = path.join(folder, `own${files++}`);
  await mkdir(own);
  await writeFile(path.join(own, name), bytes);
  return path.join(own, name);
}

const COMMANDS = { fid: ["extractor", "seed"] } as never;
const RESULT = `${JSON.stringify({ ...evaluation(), note: "größer 数" }, null, 2)}\r\n`;
const NIGHT = JSON.stringify({
  ...{ schema: HISTORY_SCHEMA, ganEval: "0", when: "2026-01-01", passed: true },
  ...{ metrics: {}, protocol: { note: "größer" }, fakes: [] },
});
const LIST = "a/größer.png\r\n\r\nb/数.png\r\n";
const listed = async (location: string, stdin: NodeJS.ReadableStream = Readable.from([])) => {
  const set = await openList(location, { maxPixels: 100, imageKeys: undefined, onError: "fail", stdin });
  return Array.from({ length: set.count }, (_, position) => set.name(position));
};

/** What a reader makes of a file. */
const READERS: readonly (readonly [what: string, text: string, read: (file: string) => Promise<unknown>])[] =
  [
    [
      "a config file",
      '{"fid": {"extractor": "größer"}}',
      async (f) => (await readConfig(f, "/", COMMANDS, "fid"))!.values,
    ],
    ["a result to compare", RESULT, async (f) => (await readResults(f))[0].result],
    ["a result to check", RESULT, readMeasured],
    ["a baseline", RESULT, async (f) => (await readBaseline(f)).results],
    ["a history", `${NIGHT}\r\n${NIGHT}\r\n`, readHistory],
    ["labels, one a line", "größer\r\nklein\r\n", readLabelFile],
    ["numbers of classes", "0\n7\n", readLabelFile],
    ["labels as CSV", "name,label\r\na.png,größer\r\n", readLabelFile],
    ["a list of images", LIST, async (f) => listed(`@${f}`)],
  ];

describe.each(READERS)("%s", (_what, text, read) => {
  test.each(Object.keys(ENCODINGS))("is read alike from %s", async (name) => {
    const clean = (value: unknown, file: string) =>
      JSON.stringify(value, (_, x) => (ArrayBuffer.isView(x) ? [...(x as Int32Array)] : x)).replaceAll(
        path.dirname(file),
        "FOLDER",
      );
    const plain = await fileOf(Buffer.from(text));
    const encoded = await fileOf(ENCODINGS[name](text));
    expect(clean(await read(encoded), encoded)).toBe(clean(await read(plain), plain));
  });

  test("in an encoding that is not read is an error that says what to do", async () => {
    const utf32 = Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0, 0x7d, 0, 0, 0]);
    const latin1 = Buffer.from(
      text.replace(/[{\n]|$/, (found) => `${found || "x"}`).concat("\xe9\n"),
      "latin1",
    );
    for (const bytes of [utf32, latin1])
      await expect(read(await fileOf(bytes))).rejects.toMatchObject({
        code: "input.text-encoding",
        hint: "Save the file as UTF-8.",
      });
  });
});

describe("JSON that is broken in its second line is an error that names line and column, in", () => {
  const broken = Buffer.from('{"schema": "gan-eval/result/1",\n  "metrics": {"a": 1,},\n}');
  const twice = Buffer.from('{"schema": "x",\n  "schema": "y"}');
  test.each<readonly [string, (file: string) => Promise<unknown>]>([
    ["a config file", (f) => readConfig(f, "/", COMMANDS, "fid")],
    ["a result to compare", readResults],
    ["a result to check", readMeasured],
    ["a baseline", readBaseline],
    ["a run's description", (f) => readDescription(path.dirname(f))],
    ["a network's manifest", (f) => readManifest(path.dirname(f))],
  ])("%s", async (_what, read) => {
    const names = ["run.json", MANIFEST];
    for (const [bytes, place] of [
      [broken, "(line 2, column 22)"],
      [twice, "at line 1, column 2 and here (line 2, column 3)"],
    ] as const) {
      const file = await fileOf(bytes, "run.json");
      for (const name of names) await writeFile(path.join(path.dirname(file), name), bytes);
      await expect(read(file)).rejects.toMatchObject({ message: expect.stringContaining(place) });
    }
  });
});

test("a list has its names as they were written", async () => {
  expect(await listed("-", Readable.from([Buffer.from(LIST)]))).toEqual(["a/größer.png", "b/数.png"]);
});

test.each(Object.keys(ENCODINGS))("a list on standard input is read from %s", async (name) => {
  const stdin = Readable.from([ENCODINGS[name](LIST)]);
  expect(await listed("-", stdin)).toEqual(await listed("-", Readable.from([Buffer.from(LIST)])));
});

test.each(Object.keys(ENCODINGS))("labels that are gzipped are read from %s", async (name) => {
  const { labels, classNames } = await readLabelFile(
    await fileOf(gzipSync(ENCODINGS[name]("größer\nklein\n")), "labels.txt.gz"),
  );
  expect({ labels: [...labels], classNames }).toEqual({ labels: [0, 1], classNames: ["größer", "klein"] });
});

test("a table of a run that a spreadsheet saved again, with a mark, is read", async () => {
  const table = await readTable(await fileOf(Buffer.from("\ufeffround,loss\r\n1,0.5\r\n")), []);
  expect([...table.rounds]).toEqual([1]);
  expect([...table.columns.keys()]).toEqual(["loss"]);
});

test("text of any letters comes back from every encoding that has a mark", () => {
  for (const text of ["", "a", "数", "a\r\nb\r\n", "😀 and é"])
    for (const name of Object.keys(ENCODINGS).filter((one) => one.includes("mark")))
      expect(bytesToText(ENCODINGS[name](text), "f"), name).toBe(text);
});
