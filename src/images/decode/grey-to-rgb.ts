/** Grey channels as RGB. */

/** Fills `rgb` with the bytes at `from`, `from + step`, ..., each three times: one channel as a grey image. */
export function greyToRgb(bytes: Uint8Array, from: number, step: number, rgb: Uint8Array): void {
  for (let to = 0, at = from; to < rgb.length; to += 3, at += step) rgb.fill(bytes[at], to, to + 3);
}
