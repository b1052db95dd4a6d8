/** A network of a few bytes, for tests of files. */
import { createHash } from "node:crypto";
import type { NetworkFile, NetworkSource } from "../../src/networks/table.ts";

export const CONTENT = Uint8Array.from({ length: 90_000 }, (_, i) => (i * 31) % 251);

export const toSha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export const madeUpNetwork = (
  urls: NetworkFile["urls"],
  change: Partial<NetworkFile> = {},
): NetworkSource => ({
  title: "a network of nothing",
  licence: "CC0-1.0",
  file: {
    ...{ name: "tiny.pth", urls, bytes: CONTENT.length, sha256: toSha256(CONTENT) },
    isConfirmed: false,
    ...change,
  },
});
