/** How a lab answers over HTTP. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { GanEvalError } from "../../errors.ts";
import { textToVisible } from "../../reports/page.ts";
import type { RunIndex } from "../index/run-index.ts";
import { SAFE_HEADERS } from "./headers.ts";

export interface LabParts {
  readonly index: RunIndex;
  readonly isReadOnly: boolean;
  /** Where points of pages are kept. */
  readonly pointsFolder: string;
}

export interface Asked extends LabParts {
  /** Of the address. */
  readonly match: readonly string[];
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export type Answer = (asked: Asked) => Promise<void>;

/** Text, one line, to whoever reads the answer. */
export function answerText(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { ...SAFE_HEADERS, "Content-Type": "text/plain; charset=utf-8" });
  response.end(`${message}\n`);
}

export function answerJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { ...SAFE_HEADERS, "Content-Type": "application/json" });
  response.end(JSON.stringify(value));
}

/** What a page keeps as a file, and a browser never opens as a page of the lab. */
export function answerFile(response: ServerResponse, bytes: Uint8Array): void {
  response.writeHead(200, {
    ...SAFE_HEADERS,
    "Content-Type": "application/octet-stream",
    "Content-Disposition": "attachment",
  });
  response.end(bytes);
}

export const answerMissing = (response: ServerResponse, what: string): void =>
  answerText(response, 404, `expected ${what}, got none with this id.`);

/** An answer that writes: none of a lab that only reads, and errors of ours as text. */
export const writing =
  (answer: Answer): Answer =>
  async (asked) => {
    const { response, isReadOnly } = asked;
    if (isReadOnly) return answerText(response, 403, "expected a lab that may write, got --read-only.");
    await orSaid(answer)(asked);
  };

/** Errors of ours as text. */
export const orSaid =
  (answer: Answer): Answer =>
  async (asked) => {
    try {
      await answer(asked);
    } catch (error) {
      if (!(error instanceof GanEvalError)) throw error;
      const { message, hint } = error;
      answerText(asked.response, 409, textToVisible(hint === undefined ? message : `${message}. ${hint}`));
    }
  };
