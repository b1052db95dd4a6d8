import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LOCK_FILE, lockFolder } from "../../../src/files/lock.ts";
import { lockDownloads } from "../../../src/networks/download/download-lock.ts";

/** What happens before a folder is looked at, as if another process did it then. */
let beforeLook: () => Promise<void>;
vi.mock("node:fs/promises", async (importOriginal) => {
  const original = await importOriginal<typeof import("node:fs/promises")>();
  const readdir = async (folder: string) => {
    await beforeLook();
    return original.readdir(folder);
  };
  return { ...original, readdir };
});

const what = "the network";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "download-lock-"));
  beforeLook = async () => undefined;
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("of two that download into a folder", () => {
  it("the second one gets it where the first one is done between its try and its look", async () => {
    const first = await lockFolder(folder, Date.now);
    beforeLook = () => first.unlock();
    await (await lockDownloads(folder, { what }))();
  });

  it("the second one is told to wait, and once why", async () => {
    const first = await lockFolder(folder, Date.now);
    const notices: (string | undefined)[] = [];
    const second = lockDownloads(folder, {
      what,
      onProgress: ({ notice }) => {
        notices.push(notice);
        if (notices.length === 2) void first.unlock();
      },
    });
    await (await second)();
    expect(notices).toEqual(["another process is downloading the network; waiting for it", undefined]);
  });

  it("the second one gives up where nothing comes any more", async () => {
    const long = new Date(Date.now() - 200_000);
    for (const name of [LOCK_FILE, "net.part"]) {
      writeFileSync(path.join(folder, name), "");
      utimesSync(path.join(folder, name), long, long);
    }
    await expect(lockDownloads(folder, { what })).rejects.toMatchObject({ code: "unavailable.download" });
    utimesSync(path.join(folder, "net.part"), new Date(), new Date());
    const second = lockDownloads(folder, { what, signal: AbortSignal.timeout(50) });
    await expect(second).rejects.toMatchObject({ name: "AbortError" });
  });
});
