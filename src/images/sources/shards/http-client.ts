/** Parts of a file on a web server: asked for, checked, and asked for again where a connection breaks. */
import { setTimeout } from "node:timers/promises";
import { GanEvalError } from "../../../errors.ts";

export interface HttpTarget {
  /** What is fetched. */
  readonly url: string;
  /** What is shown: no name, no password, no signature. */
  readonly shown: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a server says of a file. */
export interface HttpFacts {
  readonly size?: number;
  /** ETag, else Last-Modified. */
  readonly mark?: string;
  /** Whether parts are given. */
  readonly hasRanges: boolean;
  /** The first two bytes, of which gzip is known. */
  readonly start: Uint8Array;
}

/** Tries of one request, and connections that bring nothing more before a stream is given up. */
const ATTEMPTS = 5;
const FIRST_PAUSE = 100;

/** Answers after which the same request may succeed. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
const MISSING: ReadonlySet<number> = new Set([404, 410]);

const unavailable = (shown: string, got: string, cause?: unknown): GanEvalError =>
  new GanEvalError("unavailable.shard", `expected a shard at ${shown}, got ${got}`, {
    hint: "Check the address, and that this machine may read it; then run the command again.",
    cause,
  });

/** A request that failed in a way that another may not. */
class PassingError extends Error {}

/** The causes, without the address, which may hold a secret. */
const toReason = (error: unknown): string => {
  const { message, cause } = error as Error;
  return (cause instanceof Error && cause.message) || message;
};

const statusToText = (answer: Response): string => `the answer ${answer.status} ${answer.statusText}`.trim();

function statusToError(shown: string, answer: Response): Error {
  if (MISSING.has(answer.status))
    return new GanEvalError("input.not-found", `expected a shard at ${shown}, got ${statusToText(answer)}`, {
      hint: "Check the address.",
    });
  if (PASSING.has(answer.status)) return new PassingError(statusToText(answer));
  return unavailable(shown, statusToText(answer));
}

export class HttpClient {
  private readonly fetch: typeof fetch;

  constructor(fetcher: typeof fetch) {
    this.fetch = fetcher;
  }

  /** What the server says: by a request for two bytes, which signed addresses allow where they refuse HEAD. */
  async probe(target: HttpTarget): Promise<HttpFacts> {
    return this.insist(target, async () => {
      const answer = await this.ask(target, "bytes=0-1");
      const start = await takeFirst(answer.body as unknown as AsyncIterable<Uint8Array>);
      const range = /^bytes 0-\d+\/(\d+)$/.exec(answer.headers.get("content-range") ?? "");
      const size = Number(range?.[1] ?? answer.headers.get("content-length") ?? Number.NaN);
      const mark = answer.headers.get("etag") ?? answer.headers.get("last-modified");
      // What is packed for the way has another length on it.
      const isPlain = (answer.headers.get("content-encoding") ?? "identity") === "identity";
      return {
        ...(isPlain && Number.isSafeInteger(size) && { size }),
        ...(mark !== null && { mark }),
        hasRanges: answer.status === 206 && range !== null,
        start,
      };
    });
  }

  /** `length` bytes from `start`, fewer at the end. @throws GanEvalError `unavailable.shard`, `input.shard-changed` */
  async range(target: HttpTarget, facts: HttpFacts, start: number, length: number): Promise<Uint8Array> {
    const end = Math.min(start + length, facts.size!);
    if (end <= start) return new Uint8Array(0);
    return this.insist(target, async () => {
      const answer = await this.ask(target, `bytes=${start}-${end - 1}`);
      refuseChange(target, facts, answer);
      if (answer.status !== 206) {
        await answer.body?.cancel();
        throw unavailable(target.shown, "the whole file where a part was asked for");
      }
      const bytes = new Uint8Array(await answer.arrayBuffer());
      if (bytes.length !== end - start) throw new PassingError(`${bytes.length} of ${end - start} bytes`);
      return bytes;
    });
  }

  /** All of it in order; a connection that breaks is followed by another where the server gives parts. */
  async *stream(target: HttpTarget, facts: HttpFacts): AsyncGenerator<Uint8Array> {
    let at = 0;
    for (let failures = 0; ; ) {
      const before = at;
      try {
        const answer = await this.ask(target, at > 0 ? `bytes=${at}-` : undefined);
        refuseChange(target, facts, answer);
        if (at > 0 && answer.status !== 206) {
          await answer.body?.cancel();
          throw unavailable(target.shown, "the whole file where a part was asked for");
        }
        for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
          at += chunk.length;
          yield chunk;
        }
        if (facts.size === undefined || at >= facts.size) return;
        throw new PassingError("the end of the connection");
      } catch (error) {
        if (error instanceof GanEvalError) throw error;
        failures = at > before ? 0 : failures + 1;
        const mayGoOn = facts.hasRanges || at === 0;
        if (!mayGoOn || failures >= ATTEMPTS)
          throw unavailable(
            target.shown,
            `${toReason(error)} after ${at} of ${facts.size ?? "an unknown number of"} bytes`,
            error,
          );
        await setTimeout(FIRST_PAUSE * 2 ** failures);
      }
    }
  }

  private async ask(target: HttpTarget, range: string | undefined): Promise<Response> {
    const headers = { "accept-encoding": "identity", ...target.headers, ...(range && { range }) };
    const answer = await this.fetch(target.url, { headers });
    if ((answer.status === 200 || answer.status === 206) && answer.body !== null) return answer;
    await answer.body?.cancel();
    // An empty file has no first bytes.
    throw answer.status === 416
      ? unavailable(target.shown, "an empty file")
      : statusToError(target.shown, answer);
  }

  private async insist<T>(target: HttpTarget, attempt: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt();
      } catch (error) {
        if (error instanceof GanEvalError) throw error;
        if (tries === ATTEMPTS) throw unavailable(target.shown, toReason(error), error);
        await setTimeout(FIRST_PAUSE * 2 ** (tries - 1));
      }
    }
  }
}

function refuseChange({ shown }: HttpTarget, { mark }: HttpFacts, answer: Response): void {
  const now = answer.headers.get("etag") ?? answer.headers.get("last-modified");
  if (mark === undefined || now === null || now === mark) return;
  void answer.body?.cancel();
  throw new GanEvalError(
    "input.shard-changed",
    `expected ${shown} as it was when its images were listed, got another`,
    {
      hint: "Something writes to it; wait until it is whole and run the command again.",
    },
  );
}

async function takeFirst(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  let start = Buffer.alloc(0);
  for await (const chunk of body) {
    start = Buffer.concat([start, chunk]);
    if (start.length >= 2) break;
  }
  return start.subarray(0, 2);
}
