// Features of a folder of images by our own network.
import { openImages } from "../../dist/images/sources/open.js";

/** Of each end the rows, in the order of the files: { data, rows, width }. */
export async function folderToFeatures(extractor, folder, ends, batchSize) {
  const source = await openImages(folder);
  const parts = Object.fromEntries(ends.map((end) => [end, []]));
  try {
    for await (const batch of source.batches({ batchSize })) {
      const features = await extractor.extract(batch);
      for (const end of ends) parts[end].push(features[end]);
    }
  } finally {
    await source.close();
  }
  return Object.fromEntries(
    ends.map((end) => {
      const { width } = parts[end][0];
      const data = new Float32Array(parts[end].reduce((sum, { rows }) => sum + rows, 0) * width);
      let at = 0;
      for (const part of parts[end]) {
        data.set(part.data.subarray(0, part.rows * width), at);
        at += part.rows * width;
      }
      return [end, { data, rows: data.length / width, width }];
    }),
  );
}
