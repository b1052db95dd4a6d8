/** Counts, times, sizes and scores as text. */

const MINUTE = 60;
const HOUR = 3600;

/** `1,234`, the same in every locale. */
export const countToText = (count: number): string => count.toLocaleString("en-US");

/** `1 image`, `1,200 images`. */
export const countToWords = (count: number, singular: string, plural = `${singular}s`): string =>
  `${countToText(count)} ${count === 1 ? singular : plural}`;

/** `0.42 s`, `12.3 s`, `2 min 05 s`, `1 h 04 min`. */
export function secondsToText(seconds: number): string {
  if (!Number.isFinite(seconds)) return "unknown";
  if (seconds < 9.95) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min ${pad(whole % MINUTE)} s`;
  const minutes = Math.round(whole / MINUTE);
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

/** Time left, for reading at a glance: `5 s`, `1 min 43 s`. */
export const durationToText = (seconds: number): string =>
  seconds < 59.5 ? `${Math.round(seconds)} s` : secondsToText(seconds);

/** Of one round: `0.89 ms`, `12.3 ms`, `640 ms`, `5.29 s`. */
export const millisecondsToText = (milliseconds: number): string =>
  milliseconds < 999.5 ? `${milliseconds.toPrecision(3)} ms` : secondsToText(milliseconds / 1000);

const pad = (n: number): string => String(n).padStart(2, "0");

const BYTE_UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"] as const;

/** `512 bytes`, `1.5 MiB`. */
export function bytesToText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? String(value) : value.toFixed(1)} ${BYTE_UNITS[unit]}`;
}

/**
 * A score for reading: four decimals, six significant digits where it is small, none behind the point where it is large;
 * JSON and CSV have all digits.
 */
export function scoreToText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value !== 0 && Math.abs(value) < 0.1)
    return value
      .toPrecision(6)
      .replace(/(\.\d*?)0+(?=e|$)/, "$1")
      .replace(/\.(?=e|$)/, "");
  if (Math.abs(value) >= 10_000) return countToText(Math.round(value));
  return value.toFixed(4);
}
