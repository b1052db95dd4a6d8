/** The installed file of a network: what it is, whether it is still the one that was installed. */

import { readFile, stat, utimes } from "node:fs/promises";
import path from "node:path";
import { GanEvalError } from "../errors.ts";
import { fileToSha256 } from "../files/file-hash.ts";
import { unlessForbidden } from "../files/forbidden.ts";
import type { Progress } from "../progress.ts";
import { wordToShell } from "../shell-word.ts";
import { cacheFolder, networkFolder } from "./cache-folder.ts";
import { isPinned } from "./download/places.ts";
import { type FileManifest, MANIFEST, textToManifest } from "./manifest.ts";
import type { NetworkSource } from "./table.ts";

/** An installed file. */
export interface InstalledNetwork {
  readonly folder: string;
  /** Of the file. */
  readonly location: string;
  readonly manifest: FileManifest;
}

/**
 * What is installed under an id, undefined where nothing is. The file itself is not looked at.
 * @throws GanEvalError `input.manifest`, `input.permission`
 */
export async function readInstalledNetwork(
  id: string,
  cacheDir?: string,
): Promise<InstalledNetwork | undefined> {
  const folder = networkFolder(cacheFolder(cacheDir), id);
  const location = path.join(folder, MANIFEST);
  const text = await readFile(location, "utf8").catch(unlessForbidden(undefined));
  if (text === undefined) return undefined;
  const manifest = textToManifest(text, location, id);
  return { folder, location: path.join(folder, manifest.file.name), manifest };
}

/** The same, of the file that the row pins: one that an earlier version pinned is none. */
export async function readPinnedNetwork(
  name: string,
  { file }: NetworkSource,
  cacheDir?: string,
): Promise<InstalledNetwork | undefined> {
  const installed = await readInstalledNetwork(name, cacheDir);
  return installed && isPinned(file, installed.manifest.file.sha256) ? installed : undefined;
}

export interface VerifyOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

const damaged = ({ location, manifest }: InstalledNetwork, got: string): GanEvalError =>
  new GanEvalError(
    "input.network-checksum",
    `expected ${manifest.file.bytes} bytes of sha256 ${manifest.file.sha256} in ${location}, got ${got}`,
    {
      hint: `The file was changed after it was installed. Install it again: \`gan-eval network remove ${wordToShell(manifest.id)}\`, then download or import it.`,
    },
  );

/**
 * Holds the bytes of an installed file to its manifest.
 * @throws GanEvalError `input.network-checksum` where they are others, `input.permission`
 */
export async function verifyInstalled(
  installed: InstalledNetwork,
  { signal, onProgress }: VerifyOptions = {},
): Promise<void> {
  const { location, manifest } = installed;
  const found = await stat(location).catch(unlessForbidden(undefined));
  if (found === undefined) throw damaged(installed, "no file");
  if (found.size !== manifest.file.bytes) throw damaged(installed, `${found.size} bytes`);
  const total = found.size;
  const sha256 = await fileToSha256(location, (done) => {
    signal?.throwIfAborted();
    onProgress?.({ stage: `verify ${manifest.id}`, done, total, unit: "bytes" });
  });
  if (sha256 !== manifest.file.sha256) throw damaged(installed, `sha256 ${sha256}`);
}

/**
 * The same, but a file that has its size and time of change still is not hashed again. One that was copied, and proves
 * whole, is given its time back where that is allowed.
 * @throws GanEvalError `input.network-checksum`, `input.permission`
 */
export async function requireWhole(installed: InstalledNetwork, options: VerifyOptions = {}): Promise<void> {
  const { bytes, modified } = installed.manifest.file;
  const found = await stat(installed.location).catch(unlessForbidden(undefined));
  if (found?.size === bytes && Math.abs(found.mtimeMs - modified) < 1) return;
  await verifyInstalled(installed, options);
  await utimes(installed.location, modified / 1000, modified / 1000).catch(() => undefined);
}
