/** Values as text. */

/** Made once: `toLocaleString` makes one a call, which thousands of rows feel. */
const COUNTS = new Intl.NumberFormat("en-US");
export const countToText = (value: number): string => COUNTS.format(value);

/** `40 s`, `3 min`, `2 h 05 min` */
export function secondsToText(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** Undefined for what is no time. */
export function toTime(text: string): number | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

const pad = (value: number): string => String(value).padStart(2, "0");

/** `2026-03-01 10:00`, in the reader's time zone. */
export function timeToText(time: number | undefined): string {
  if (time === undefined) return "";
  const date = new Date(time);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

/** `10:00:30`, with the day where a chart spans several. */
export function clockToText(time: number, span: number): string {
  const date = new Date(time);
  const clock = `${pad(date.getHours())}:${pad(date.getMinutes())}`;
  if (span > 2 * 86_400_000) return `${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${clock}`;
  return span < 600_000 ? `${clock}:${pad(date.getSeconds())}` : clock;
}
