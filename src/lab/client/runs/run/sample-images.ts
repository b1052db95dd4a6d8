/** Grids of samples as they were fetched: blobs, of which the latest are kept. */
import { ask } from "../../socket.ts";

const MOST_KEPT = 48;

/** Of one run, while its page is open. */
export class SampleImages {
  private readonly run: string;
  private readonly kept = new Map<number, Promise<string | undefined>>();

  constructor(run: string) {
    this.run = run;
  }

  /** An address of the image in this page; undefined where there is none. */
  get(round: number): Promise<string | undefined> {
    const found = this.kept.get(round) ?? this.fetch(round);
    this.kept.delete(round);
    this.kept.set(round, found);
    for (const old of this.kept.keys()) {
      if (this.kept.size <= MOST_KEPT) break;
      this.drop(old);
    }
    return found;
  }

  private async fetch(round: number): Promise<string | undefined> {
    const response = await ask(`/api/runs/${this.run}/samples/${round}`).catch(() => undefined);
    if (response?.ok) return URL.createObjectURL(await response.blob());
    // Asked for again the next time: it may be on its way.
    this.kept.delete(round);
    return undefined;
  }

  private drop(round: number): void {
    void this.kept.get(round)?.then((address) => address && URL.revokeObjectURL(address));
    this.kept.delete(round);
  }

  close(): void {
    for (const round of [...this.kept.keys()]) this.drop(round);
  }
}
