/** NumPy's text in npy files: one string, `<U9` without axes, UTF-32 padded with zeros (numpy.array("dinov2")). */
import { bytesToNpyLiteral, npyHeaderToBytes } from "./npy.ts";

/** The string, or undefined for any other array. @throws GanEvalError `input.npy` if damaged */
export function bytesToNpyText(bytes: Uint8Array, name: string): string | undefined {
  const { descr, shape, dataStart } = bytesToNpyLiteral(bytes, name);
  const [, order, digits] = /^([<>])U(\d{1,6})$/.exec(descr) ?? [];
  if (digits === undefined || shape.length > 0 || dataStart + 4 * Number(digits) > bytes.length)
    return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + dataStart, 4 * Number(digits));
  const points = Array.from({ length: Number(digits) }, (_, i) => view.getUint32(4 * i, order === "<"));
  if (points.some((point) => point > 0x10ffff)) return undefined;
  return points
    .map((point) => String.fromCodePoint(point))
    .join("")
    .replace(/\0+$/, "");
}

export function npyTextToBytes(text: string): Uint8Array {
  const points = Array.from(text, (character) => character.codePointAt(0)!);
  const header = npyHeaderToBytes(`<U${Math.max(1, points.length)}`, []);
  const bytes = new Uint8Array(header.length + 4 * Math.max(1, points.length));
  bytes.set(header);
  const view = new DataView(bytes.buffer, header.length);
  for (const [i, point] of points.entries()) view.setUint32(4 * i, point, true);
  return bytes;
}
