/** All runs of a lab, kept up to date by looking: only what changed is read again. */
import { type FoundRun, findRuns } from "./find-runs.ts";
import { folderToShortStamp, folderToStamp } from "./own-files.ts";
import { type RunEntry, runToEntry } from "./run-entry.ts";
import { runsToSweeps, type SweepEntry } from "./sweep-entry.ts";

interface Known {
  readonly found: FoundRun;
  readonly stamp: string;
  readonly entry: RunEntry;
}

/** What became of the table since it was looked at before. */
export interface Changes {
  readonly runs: readonly RunEntry[];
  readonly gone: readonly string[];
}

/** Folders that are read at the same time. */
const AT_ONCE = 16;

const isLive = ({ entry }: Known): boolean => entry.status === "running";

export class RunIndex {
  private readonly roots: readonly string[];
  private known = new Map<string, Known>();

  constructor(roots: readonly string[]) {
    this.roots = roots;
  }

  /** Looks at all folders. Runs in progress are read each time that anything of theirs has changed, or their lock may have. */
  async scan(): Promise<Changes> {
    const before = this.known;
    const found = await findRuns(this.roots);
    const now = new Map<string, Known>();
    const runs: RunEntry[] = [];
    const waiting = [...found];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const known = before.get(next.id);
        const isFull = known === undefined || isLive(known);
        const stamp = `${next.sweep?.id} ${await folderToShortStamp(next.folder)}`;
        if (known !== undefined && !isFull && known.stamp === stamp) {
          now.set(next.id, known);
          continue;
        }
        const entry = await runToEntry(next);
        now.set(next.id, { found: next, stamp, entry });
        if (JSON.stringify(entry) !== JSON.stringify(known?.entry)) runs.push(entry);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    // In the order of their names, whichever was read first.
    this.known = new Map(found.map(({ id }) => [id, now.get(id)!]));
    return { runs, gone: [...before.keys()].filter((id) => !now.has(id)) };
  }

  /** As of the last scan. */
  get runs(): RunEntry[] {
    return [...this.known.values()].map(({ entry }) => entry);
  }

  get sweeps(): SweepEntry[] {
    const names = new Map(
      [...this.known.values()].flatMap(({ found: { sweep } }) =>
        sweep ? [[sweep.id, sweep.name] as const] : [],
      ),
    );
    return runsToSweeps(this.runs, names);
  }

  /** The folder of a run that was found; undefined for any other id. */
  idToFolder(id: string): string | undefined {
    return this.known.get(id)?.found.folder;
  }

  entryOf(id: string): RunEntry | undefined {
    return this.known.get(id)?.entry;
  }

  /** Changes when anything of the run does. */
  async idToStamp(id: string): Promise<string | undefined> {
    const known = this.known.get(id);
    return known && `${known.entry.status} ${await folderToStamp(known.found.folder)}`;
  }
}
