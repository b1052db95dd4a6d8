/** One hash of the contents of many images, gathered as they are read. */
import { createHash } from "node:crypto";

const DIGEST_LENGTH = 32;

/**
 * Digests of contents, gathered while images are read so that a hash of all needs no second pass.
 * The whole is sha256 over, for each image in order: its name, a zero byte, the sha256 of its bytes.
 */
export class ContentDigests {
  private readonly digests: Uint8Array;
  private readonly known: Uint8Array;

  constructor(count: number, shared?: { readonly digests: Uint8Array; readonly known: Uint8Array }) {
    this.digests = shared?.digests ?? new Uint8Array(count * DIGEST_LENGTH);
    this.known = shared?.known ?? new Uint8Array(count);
  }

  /** Those of images `from` to `to - 1`, counted from 0, in the same memory: each is made once. */
  range(from: number, to: number): ContentDigests {
    const digests = this.digests.subarray(from * DIGEST_LENGTH, to * DIGEST_LENGTH);
    return new ContentDigests(to - from, { digests, known: this.known.subarray(from, to) });
  }

  has(position: number): boolean {
    return this.known[position] === 1;
  }

  add(position: number, bytes: Uint8Array): void {
    this.addDigest(position, createHash("sha256").update(bytes).digest());
  }

  /** The sha256 of an image's bytes, where it is known without them. */
  addDigest(position: number, digest: Uint8Array): void {
    this.digests.set(digest, position * DIGEST_LENGTH);
    this.known[position] = 1;
  }

  toHash(name: (position: number) => string): string {
    const hash = createHash("sha256");
    for (let i = 0; i < this.known.length; i++)
      hash.update(`${name(i)}\0`).update(this.digests.subarray(i * DIGEST_LENGTH, (i + 1) * DIGEST_LENGTH));
    return hash.digest("hex");
  }
}
