/** Inception as one of the networks that have a name. */
import type { InstalledFacts, NamedNetwork } from "../networks/named-network.ts";
import { INPUT_SIZE } from "./architecture.ts";
import { OFFICIAL_FILES } from "./checksums.ts";
import { ENDS } from "./graph-nodes.ts";
import type { NetworkInfo } from "./import.ts";
import { installedInception } from "./installed.ts";
import { NETWORK_IDS, type NetworkId } from "./manifest.ts";

const toFacts = ({ folder, manifest }: NetworkInfo): InstalledFacts => ({
  id: manifest.id,
  folder,
  bytes: manifest.files.reduce((sum, { bytes }) => sum + bytes, 0),
  sha256: manifest.weightsHash,
  official: manifest.source.official,
  from: manifest.source.name,
});

const inCache = (cacheDir: string | undefined) => cacheDir !== undefined && { cacheDir };

/** Other weights are kept under another id without being asked for: `gan-eval inception import` always did so. */
export const inceptionNetwork = (): NamedNetwork => ({
  name: "inception",
  title: "Inception-v3 of 2015-12-05, of which published FIDs are made (Szegedy et al. 2015)",
  licence: "Apache-2.0",
  width: ENDS["2048"].width,
  input: `${INPUT_SIZE} x ${INPUT_SIZE}, levels from -1 to 1`,
  isConfirmed: true,
  files: OFFICIAL_FILES.map(({ name, url, bytes = 0, checksum }) => ({ name, url, bytes, checksum })),
  ids: NETWORK_IDS,
  installed: async (id, cacheDir) => {
    const found = await installedInception({ id: id as NetworkId, ...inCache(cacheDir) });
    return found && toFacts(found);
  },
  download: async ({ cacheDir, ...options }) => {
    // One that is damaged is downloaded anew.
    const present = await installedInception({ verify: true, ...inCache(cacheDir) }).catch(() => undefined);
    if (present !== undefined) {
      options.onProgress?.({
        ...{ stage: "check", done: 1, total: 1, unit: "files" },
        notice: "inception is installed already",
      });
      return toFacts(present);
    }
    const { downloadInception } = await import("./download.ts");
    return toFacts(await downloadInception({ ...inCache(cacheDir), ...options }));
  },
  importFile: async (file, { cacheDir, otherWeights: _, ...options }) => {
    const { importInception } = await import("./import.ts");
    return toFacts(await importInception(file, { ...inCache(cacheDir), ...options }));
  },
  verify: async (id, { cacheDir }) => {
    await installedInception({ id: id as NetworkId, verify: true, ...inCache(cacheDir) });
  },
});
