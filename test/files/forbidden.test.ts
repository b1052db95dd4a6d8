/** Whatever looks for a file that may not be there says so where it may not look. */
import { chmod, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listRunFolders } from "../../src/compare/list-entries.ts";
import { fileToHash } from "../../src/evaluate/file-hash.ts";
import { openSide } from "../../src/evaluate/sides/side.ts";
import { openImages } from "../../src/images/sources/open.ts";
import { installedInception, readInstalled } from "../../src/inception/installed.ts";
import { INCEPTION_ID } from "../../src/inception/manifest.ts";
import { readNetwork } from "../../src/inception/read-network.ts";
import { listRuns } from "../../src/run-folder/list-runs.ts";
import { asOrdinaryUser } from "../as-other-user.ts";
import { temporaryFolder } from "../images/made-images.ts";

const folder = await temporaryFolder();
const shut = path.join(folder, "networks", INCEPTION_ID);

beforeAll(async () => {
  await mkdir(shut, { recursive: true });
  for (const name of ["manifest.json", "run.json", "a.npz", "a.png"])
    await writeFile(path.join(shut, name), "{}");
  await chmod(folder, 0o755);
  await chmod(shut, 0o000);
});
afterAll(() => chmod(shut, 0o755));

const within = (name: string) => path.join(shut, name);

describe("a folder that may not be opened is no empty one for", () => {
  test.each<readonly [string, () => Promise<unknown>]>([
    ["the search for an installed network", () => installedInception({ cacheDir: folder })],
    ["the installed network", () => readInstalled(folder)],
    ["a network's folder", () => readNetwork(shut)],
    ["the runs in it", () => listRuns([shut])],
    ["the runs of a comparison", () => listRunFolders([shut])],
    ["a file's hash", () => fileToHash(within("a.npz"))],
    ["a side of a measurement", () => openSide(within("a.npz"), { extractor: "pixels" } as never)],
    ["images in a folder", () => openImages(shut)],
    ["an image", () => openImages(within("a.png"))],
  ])("%s", async (_what, look) => {
    await expect(asOrdinaryUser(look)).rejects.toMatchObject({
      code: expect.stringMatching(/^input\.(permission|cannot-read)$/),
      message: expect.stringContaining("permission denied"),
    });
  });
});
