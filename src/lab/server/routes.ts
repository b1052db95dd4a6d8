/** What a lab answers, by method and exact form of the address. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { keepPoints } from "../points/kept-points.ts";
import { type Answer, answerJson, answerText, type LabParts, orSaid } from "./answers.ts";
import { MOST_POINTS_BYTES, POINTS_ADDRESS } from "./gate.ts";
import { SAFE_HEADERS } from "./headers.ts";
import { answerGate, answerSweep } from "./overview-answers.ts";
import { readBytes } from "./read-body.ts";
import {
  answerDifferences,
  answerNotes,
  answerNotesWritten,
  answerReport,
  answerSample,
  answerStop,
  answerSweepStop,
} from "./run-answers.ts";

/** Whether a token is right: a page is not told why its socket was refused. */
const answerWelcome: Answer = async ({ response }) => {
  response.writeHead(204, SAFE_HEADERS);
  response.end();
};

/** Keeps points that a page drew, pasted or opened. They are no part of a run's folder: a lab that only reads has them, too. */
const answerPoints: Answer = orSaid(async ({ request, response, pointsFolder }) => {
  const bytes = await readBytes(request, "application/octet-stream", MOST_POINTS_BYTES);
  answerJson(response, await keepPoints(pointsFolder, bytes));
});

const ROUTES: readonly { readonly method: string; readonly form: RegExp; readonly answer: Answer }[] = [
  { method: "GET", form: /^\/api\/welcome$/, answer: answerWelcome },
  { method: "POST", form: new RegExp(`^${POINTS_ADDRESS}$`), answer: answerPoints },
  { method: "GET", form: /^\/api\/runs\/([0-9a-f]{16})\/samples\/(\d{1,10})$/, answer: answerSample },
  { method: "POST", form: /^\/api\/runs\/([0-9a-f]{16})\/stop$/, answer: answerStop },
  { method: "GET", form: /^\/api\/runs\/([0-9a-f]{16})\/notes$/, answer: answerNotes },
  { method: "POST", form: /^\/api\/runs\/([0-9a-f]{16})\/notes$/, answer: answerNotesWritten },
  { method: "POST", form: /^\/api\/runs\/([0-9a-f]{16})\/report$/, answer: answerReport },
  {
    method: "GET",
    form: /^\/api\/runs\/([0-9a-f]{16})\/differences\/([0-9a-f]{16})$/,
    answer: answerDifferences,
  },
  { method: "GET", form: /^\/api\/sweeps\/([0-9a-f]{16})$/, answer: answerSweep },
  { method: "POST", form: /^\/api\/sweeps\/([0-9a-f]{16})\/stop$/, answer: answerSweepStop },
  { method: "GET", form: /^\/api\/gates\/([0-9a-f]{16})$/, answer: answerGate },
];

/** The address is compared as it came, never decoded: no spelling of `../` is an address of ours. */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  parts: LabParts,
): Promise<void> {
  const { method, url = "" } = request;
  const fitting = ROUTES.flatMap((route) => {
    const match = route.form.exec(url);
    return match ? [{ route, match }] : [];
  });
  const found = fitting.find(({ route }) => route.method === method);
  if (found) return found.route.answer({ match: found.match, request, response, ...parts });
  if (fitting.length > 0) return answerText(response, 405, "expected another method.");
  answerText(response, 404, "expected an address of the lab, got another.");
}
