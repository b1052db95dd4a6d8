/** How long an extraction will take, said once from its first batches where that is long, with what would be shorter. */
import { NETWORKS, type NetworkName } from "../networks/table.ts";

/** What is measured before anything is said, after the first batch, which warms the network up. */
const LEAST_BATCHES = 3;
const LEAST_SECONDS = 3;

/** An extraction of fewer seconds is not worth a line. */
const LONG = 600;

/** `25 min`, `2 h 05 min`, `3 days 4 h` */
function secondsToWords(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, "0")} min`;
  return `${Math.floor(hours / 24)} days ${hours % 24} h`;
}

/** The next smaller network of the same kind, and the share of the work that it takes. */
function nameToSmaller(extractor: string): string | undefined {
  const rows = Object.entries(NETWORKS);
  const own = NETWORKS[extractor as NetworkName];
  if (own === undefined) return undefined;
  const work = ({ gigaMultiplyAdds }: { gigaMultiplyAdds: number }) => gigaMultiplyAdds;
  const [smaller] = rows
    .filter(([, row]) => row.architecture.kind === own.architecture.kind && work(row) < work(own))
    .sort(([, a], [, b]) => work(b) - work(a));
  return smaller && `${smaller[0]} (${Math.round((100 * work(smaller[1])) / work(own))} % of the time)`;
}

/** What would be shorter. */
function extractorsToAdvice(extractors: readonly string[]): string {
  const smaller = extractors.length === 1 ? nameToSmaller(extractors[0]) : undefined;
  return [
    "fewer images (--limit N, with --ci)",
    smaller === undefined ? "a smaller network" : `a smaller network: ${smaller}`,
    "statistics made once of a side that stays (gan-eval stats)",
    "several machines (--queue)",
  ].join("; ");
}

/** Takes every batch that the networks have done with; `toNotice` gives the line when it is time for it, once. */
export class TimeEstimate {
  private readonly stage: string;
  private readonly total: number;
  private readonly extractors: readonly string[];
  private readonly isKept: boolean;
  private readonly steadyClock: () => number;
  private begun: number | undefined;
  private batches = 0;
  private images = 0;
  private isSaid = false;

  constructor(
    stage: string,
    {
      total,
      extractors,
      isKept,
    }: {
      readonly total: number;
      readonly extractors: readonly string[];
      /** Whether what is done goes into the cache as it is done. */
      readonly isKept: boolean;
    },
    steadyClock: () => number,
  ) {
    this.isKept = isKept;
    this.stage = stage;
    this.total = total;
    this.extractors = extractors;
    this.steadyClock = steadyClock;
  }

  /** @param extracted images of the batch that networks saw @param seen images of the side so far */
  toNotice(extracted: number, seen: number): string | undefined {
    if (this.isSaid || extracted === 0) return undefined;
    const now = this.steadyClock();
    if (this.begun === undefined) {
      this.begun = now;
      return undefined;
    }
    this.batches++;
    this.images += extracted;
    const seconds = (now - this.begun) / 1000;
    if (this.batches < LEAST_BATCHES || seconds < LEAST_SECONDS) return undefined;
    this.isSaid = true;
    const rate = this.images / seconds;
    const left = (this.total - seen) / rate;
    if (left < LONG) return undefined;
    const networks = this.extractors.join(" and ");
    const count = (this.total - seen).toLocaleString("en-US");
    return `${this.stage}: about ${secondsToWords(left)} for ${count} images by ${networks}, ${rate.toPrecision(2)} a second. Shorter: ${extractorsToAdvice(this.extractors)}.${this.isKept ? " Ctrl-C keeps what is done in the cache." : ""}`;
  }
}
