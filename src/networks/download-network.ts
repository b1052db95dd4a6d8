/** The file of a network, from the first place that gives it, held to its hash and installed: by one process at a time. */
import path from "node:path";
import { isCode } from "../errors.ts";
import type { Progress } from "../progress.ts";
import { cacheFolder } from "./cache-folder.ts";
import type { DistributedFile, DownloadFileOptions } from "./download/download-file.ts";
import {
  type DownloadFromAnyOptions,
  downloadFromAny,
  type Subject,
  withDownloads,
} from "./download/download-from-any.ts";
import { networkToPlaces, placeToStatement } from "./download/places.ts";
import { askPointer, requireSame } from "./download/second-source.ts";
import { installFile, moving } from "./install-file.ts";
import { type InstalledNetwork, readPinnedNetwork, requireWhole } from "./installed.ts";
import type { NetworkSource } from "./table.ts";

export interface DownloadNetworkOptions
  extends Pick<DownloadFromAnyOptions, "patience">,
    Pick<DownloadFileOptions, "fetch" | "signal" | "onProgress"> {
  readonly cacheDir?: string | undefined;
  /** At first use: the line says what forbids the download, and what is damaged is an error. */
  readonly isFirstUse?: boolean;
}

const networkToSubject = (name: string, { licence }: NetworkSource, into: string): Subject => ({
  what: `the network ${name}`,
  licence,
  into,
});

/** What the first download of a file says that nobody here has seen. */
const confirmation = (name: string, sha256: string, confirmedBy: string | undefined): Progress => ({
  stage: "check",
  done: 1,
  total: 1,
  unit: "files",
  notice:
    confirmedBy === undefined
      ? `${name}: got sha256 ${sha256}, equal to the pinned one; the server states none to compare it with`
      : `${name}: got sha256 ${sha256}, equal to the pinned one and to what ${confirmedBy} states`,
});

const already = (name: string): Progress => ({
  ...{ stage: "check", done: 1, total: 1, unit: "files" },
  notice: `${name} is installed already`,
});

/** What is installed and whole. A network that was asked for by name is downloaded anew where it is damaged. */
async function readWhole(
  name: string,
  row: NetworkSource,
  { cacheDir, signal, onProgress, isFirstUse = false }: DownloadNetworkOptions,
): Promise<InstalledNetwork | undefined> {
  try {
    const present = await readPinnedNetwork(name, row, cacheDir);
    if (present !== undefined) await requireWhole(present, { signal, onProgress });
    return present;
  } catch (error) {
    const isDamaged = isCode(error, "input.manifest") || isCode(error, "input.network-checksum");
    if (isFirstUse || !isDamaged) throw error;
    return undefined;
  }
}

/**
 * Downloads and installs the file of a network, unless it is installed and whole. Of two processes that want it at once,
 * one downloads and the other waits. Where the pin has not been confirmed by a download before, Hugging Face's own
 * statement of the hash is asked for too, and a line says what was got.
 * @throws GanEvalError `unavailable.download` saying what each place answered, `input.cannot-write`, `usage.network-url`
 */
export async function downloadNetwork(
  name: string,
  row: NetworkSource,
  options: DownloadNetworkOptions = {},
): Promise<InstalledNetwork> {
  const { cacheDir, signal, onProgress, isFirstUse = false } = options;
  const places = networkToPlaces(name, row);
  const into = cacheFolder(cacheDir);
  const subject = networkToSubject(name, row, into);
  const folder = path.join(into, "downloads", name);
  return withDownloads(folder, subject.what, options, async (through) => {
    const present = await readWhole(name, row, options);
    if (present !== undefined) {
      if (!isFirstUse) onProgress?.(already(name));
      return present;
    }
    let confirmedBy: string | undefined;
    const beforehand = async (file: DistributedFile): Promise<void> => {
      const statement = row.file.isConfirmed ? undefined : placeToStatement(file.url, row);
      const stated = statement && (await askPointer(statement, { fetch: through.fetch, signal }));
      if (stated) requireSame(file, stated);
      confirmedBy = stated ? new URL(file.url).host : undefined;
    };
    const { file, location, checksums } = await downloadFromAny(places, folder, subject, {
      ...through,
      isUnasked: isFirstUse,
      beforehand,
    });
    if (!row.file.isConfirmed) onProgress?.(confirmation(name, checksums.sha256, confirmedBy));
    return installFile(
      {
        id: name,
        official: true,
        name: row.file.name,
        source: { kind: "download", from: new URL(file.url).host, ...(confirmedBy && { confirmedBy }) },
      },
      moving(location, checksums.sha256),
      { cacheDir, signal },
    );
  });
}
