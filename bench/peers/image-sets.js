// Folders of images for the comparison with the Python libraries, made in a temporary folder.
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import sharp from "sharp";

/** Links to the photos of two classes, flat, because pytorch-fid does not look into subfolders. */
function linkPhotos(images, classes, folder, perClass) {
  mkdirSync(folder, { recursive: true });
  for (const name of classes)
    for (const file of readdirSync(path.join(images, name)).sort().slice(0, perClass))
      symlinkSync(path.join(images, name, file), path.join(folder, `${name}-${file}`));
}

/** Photos of mixed sizes: daisies and roses against tulips and sunflowers. */
export function photoSet(shared, work, perClass) {
  const images = path.join(shared, "data/flowers/images");
  const [fake, real] = ["fake", "real"].map((side) => path.join(work, "photos", side));
  linkPhotos(images, ["daisy", "roses"], fake, perClass);
  linkPhotos(images, ["tulips", "sunflowers"], real, perClass);
  return {
    name: `${2 * perClass} + ${2 * perClass} photos of mixed sizes`,
    fake,
    real,
    images: 2 * perClass,
    peerBatch: 1,
  };
}

/** A record of the official binary file is a label and 32 x 32 pixels of each channel in turn. */
async function cifarToPng(record, file) {
  const pixels = Buffer.alloc(3072);
  for (let i = 0; i < 1024; i++) for (let c = 0; c < 3; c++) pixels[3 * i + c] = record[1 + 1024 * c + i];
  await sharp(pixels, { raw: { width: 32, height: 32, channels: 3 } })
    .png()
    .toFile(file);
}

/** CIFAR-10's first test images against the next ones, as PNG. */
export async function cifarSet(shared, work, count) {
  const bytes = gunzipSync(readFileSync(path.join(shared, "data/cifar10/test_batch.bin.gz")));
  const folders = ["fake", "real"].map((side) => path.join(work, "cifar", side));
  for (const [side, folder] of folders.entries()) {
    mkdirSync(folder, { recursive: true });
    for (let i = 0; i < count; i++) {
      const at = 3073 * (side * count + i);
      const name = `${String(i).padStart(5, "0")}.png`;
      await cifarToPng(bytes.subarray(at, at + 3073), path.join(folder, name));
    }
  }
  const [fake, real] = folders;
  return { name: `${count} + ${count} CIFAR-10 images`, fake, real, images: count, peerBatch: 50 };
}
