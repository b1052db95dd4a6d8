/** Shards made for tests. */
import { filesToTar } from "../../../formats/tar-writer.ts";
import { noise, toPng } from "../../made-images.ts";

/** Samples `first` to `first + count - 1`: `000000003.png`, and its class where one is given. */
export async function samplesToTar(
  first: number,
  count: number,
  toClass?: (i: number) => string | undefined,
): Promise<Buffer> {
  const files = [];
  for (let i = first; i < first + count; i++) {
    const key = String(i).padStart(9, "0");
    const [pixels] = noise(i, 1, 6, 3);
    files.push({ name: `${key}.png`, bytes: await toPng(pixels, 6, 3) });
    const label = toClass?.(i);
    if (label !== undefined) files.push({ name: `${key}.cls`, bytes: Buffer.from(label) });
  }
  return filesToTar(files);
}
