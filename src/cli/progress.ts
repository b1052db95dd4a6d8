/** Shows progress: a bar on a terminal, a line now and then elsewhere. */
import type { Progress } from "../progress.ts";
import { type Page, plainStyle, type Style, textToVisible, textToWidth } from "../reports/page.ts";
import { bytesToText, countToText, durationToText } from "../reports/quantities.ts";

/** Where progress is shown: a terminal redraws one line, anything else gets whole lines now and then. */
export interface ProgressStream {
  readonly isTTY: boolean;
  readonly columns: number;
  write(text: string): void;
}

export interface ProgressLine {
  update(progress: Progress): void;
  /** Removes the bar; call before anything else is written. */
  clear(): void;
}

const REDRAW_MS = 100;
/** The rate is that of the last so many milliseconds: start-up counts for little and a slowdown shows. */
const RATE_MS = 15_000;
/** Fast work reports more often than a rate needs. */
const SAMPLE_MS = 50;
const LINE_PERCENT = 10;
const LINE_MS = 30_000;
/** Ten lines for two seconds' work would be noise. */
const LEAST_BETWEEN_LINES_MS = 2_000;
const BAR_WIDTH = 24;

/** @param clock milliseconds of a clock that is never set */
export function createProgress(
  stream: ProgressStream,
  clock: () => number,
  style: Style = plainStyle,
): ProgressLine {
  let stage: Stage | undefined;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let onScreen = false;

  const clear = (): void => {
    if (onScreen) stream.write("\r\u001b[2K");
    onScreen = false;
  };
  return {
    clear,
    update(progress) {
      const now = clock();
      if (progress.notice !== undefined) {
        clear();
        stream.write(`${textToVisible(progress.notice)}\n`);
      }
      if (stage === undefined || stage.name !== progress.stage || progress.done < stage.done) {
        stage = startStage(progress, now);
        drawnAt = stream.isTTY ? Number.NEGATIVE_INFINITY : now;
      }
      stage.done = progress.done;
      const newest = stage.samples.at(-1);
      if (newest === undefined || now - newest[0] >= SAMPLE_MS || progress.done >= progress.total)
        stage.samples.push([now, progress.done]);
      while (stage.samples.length > 2 && now - stage.samples[0]![0] > RATE_MS) stage.samples.shift();

      const isEnd = progress.done >= progress.total;
      if (stream.isTTY) {
        if (!isEnd && now - drawnAt < REDRAW_MS) return;
        drawnAt = now;
        stream.write(`\r\u001b[2K${progressToBar(progress, stage, { columns: stream.columns, style })}`);
        onScreen = true;
        return;
      }
      const percent = progressToPercent(progress);
      const since = now - drawnAt;
      const isDue =
        since >= LINE_MS ||
        (percent - stage.percent >= LINE_PERCENT && since >= LEAST_BETWEEN_LINES_MS) ||
        (isEnd && percent > stage.percent && now - stage.startedAt >= LEAST_BETWEEN_LINES_MS);
      if (!isDue) return;
      stage.percent = percent - (percent % LINE_PERCENT);
      if (isEnd) stage.percent = 100;
      drawnAt = now;
      stream.write(`${progressToLine(progress, stage)}\n`);
    },
  };
}

interface Stage {
  readonly name: string;
  readonly startedAt: number;
  /** [milliseconds, done], oldest first. */
  readonly samples: [number, number][];
  done: number;
  /** Last multiple of LINE_PERCENT that a line was written for. */
  percent: number;
}

const startStage = ({ stage, done }: Progress, now: number): Stage => ({
  name: stage,
  startedAt: now,
  samples: [],
  done,
  percent: 0,
});

const progressToPercent = ({ done, total }: Progress): number =>
  total > 0 ? Math.min(100, Math.floor((100 * done) / total)) : 0;

/** Units a second over the window; undefined while there is nothing to divide by. */
function stageToRate({ samples }: Stage): number | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || last[0] <= first[0] || last[1] <= first[1]) return undefined;
  return (1000 * (last[1] - first[1])) / (last[0] - first[0]);
}

/** `1,200/10,000 images` or `1.2 MiB/84.8 MiB`, `85.2/s`, `1 min 43 s left`. */
function progressToFacts(progress: Progress, stage: Stage): string[] {
  const { done, total, unit } = progress;
  const rate = stageToRate(stage);
  const isCounted = total > 1;
  return [
    ...(isCounted ? [amountToText(done, total, unit)] : []),
    ...(isCounted && rate !== undefined
      ? [`${unit === "bytes" ? bytesToText(rate) : rateToText(rate)}/s`]
      : []),
    ...(isCounted && rate !== undefined && done < total
      ? [`${durationToText((total - done) / rate)} left`]
      : []),
    ...(progress.facts ?? []),
  ];
}

const amountToText = (done: number, total: number, unit: string): string =>
  unit === "bytes"
    ? `${bytesToText(done)}/${bytesToText(total)}`
    : `${countToText(done)}/${countToText(total)} ${unit}`;

const rateToText = (rate: number): string =>
  rate < 10 ? rate.toFixed(2) : rate < 100 ? rate.toFixed(1) : countToText(Math.round(rate));

function progressToLine(progress: Progress, stage: Stage): string {
  const facts = progressToFacts(progress, stage);
  return [`${progress.stage}: ${progressToPercent(progress)} %`, ...facts].join(", ");
}

/** The bar gives way before the facts do; what is still too long is cut, since a wrapped line cannot be redrawn. */
function progressToBar(progress: Progress, stage: Stage, { columns, style }: Page): string {
  const facts = progressToFacts(progress, stage);
  const percent = progressToPercent(progress);
  if (facts.length === 0) return `${progress.stage} ...`.slice(0, columns - 1);
  const words = `${String(percent).padStart(3)} %  ${facts.join("  ")}`;
  const room = columns - 1 - textToWidth(progress.stage) - textToWidth(words) - 4;
  if (room < 8) return `${progress.stage} ${words}`.slice(0, columns - 1);
  const width = Math.min(BAR_WIDTH, room);
  const full = Math.round((width * percent) / 100);
  return `${progress.stage}  ${style.green("█".repeat(full))}${style.dim("░".repeat(width - full))}  ${words}`;
}
