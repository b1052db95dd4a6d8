/** A shard on a web server. */
import { addressToRequest } from "../../../files/url-credentials.ts";
import { unpackGzip, unpackReadable } from "../../../formats/gzip.ts";
import { StreamBytes } from "../../../formats/tar-bytes.ts";
import type { HttpClient, HttpFacts, HttpTarget } from "./http-client.ts";
import type { Shard, ShardIdentity } from "./shard.ts";
import { loaderToBytes, type ShardBytes, streamToLoader } from "./shard-bytes.ts";
import { addressToPlace, locationToShown } from "./web-location.ts";

/** Bytes of one request: many pictures, so that the way there and back counts little. */
const CHUNK = 2 ** 22;

const locationToTarget = (location: string): HttpTarget => ({
  ...addressToRequest(location),
  shown: locationToShown(location),
});

class HttpShard implements Shard {
  readonly location: string;
  readonly place: string;
  readonly path: string;
  readonly keepsDigests = true;
  private readonly target: HttpTarget;
  private readonly client: HttpClient;
  private facts: HttpFacts | undefined;

  constructor(location: string, client: HttpClient) {
    this.target = locationToTarget(location);
    this.location = this.target.shown;
    this.place = addressToPlace(this.target.url);
    this.path = decodePath(new URL(this.target.url));
    this.client = client;
  }

  async identify(): Promise<ShardIdentity> {
    const { size, mark } = await this.known();
    return { ...(size !== undefined && { size }), ...(mark !== undefined && { mark }) };
  }

  async walk() {
    const stream = this.client.stream(this.target, await this.known());
    const unpacked = unpackGzip(stream);
    return {
      bytes: new StreamBytes(unpacked),
      readsAll: true,
      close: async () => {
        await unpacked.return(undefined);
      },
    };
  }

  async open(): Promise<ShardBytes> {
    const facts = await this.known();
    const isGzipped = facts.start[0] === 0x1f && facts.start[1] === 0x8b;
    if (isGzipped || !facts.hasRanges || facts.size === undefined)
      return loaderToBytes(
        streamToLoader(() => unpackReadable(this.client.stream(this.target, facts)), CHUNK),
      );
    return loaderToBytes({
      chunk: CHUNK,
      isRandom: true,
      isSlow: true,
      load: (start, length) => this.client.range(this.target, facts, start, length),
      close: async () => {},
    });
  }

  private async known(): Promise<HttpFacts> {
    this.facts ??= await this.client.probe(this.target);
    return this.facts;
  }
}

function decodePath({ host, pathname }: URL): string {
  try {
    return `${host}${decodeURIComponent(pathname)}`;
  } catch {
    return `${host}${pathname}`;
  }
}

export const addressToShard = (location: string, client: HttpClient): Shard =>
  new HttpShard(location, client);
