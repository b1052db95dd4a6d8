/** What is answered of many runs or nights together. */
import { readHistory } from "../../check/history.ts";
import { historyToGate } from "../view/gate-view.ts";
import { foldersToSweep } from "../view/sweep-view.ts";
import { type Answer, answerJson, answerMissing, orSaid } from "./answers.ts";

export const answerSweep: Answer = orSaid(async ({ match: [, id], response, index }) => {
  if (index.idToSweepFolder(id) === undefined) return answerMissing(response, "a sweep");
  answerJson(response, await foldersToSweep(index.idToSweepRuns(id)));
});

export const answerGate: Answer = orSaid(async ({ match: [, id], response, index }) => {
  const location = index.idToGate(id);
  if (location === undefined) return answerMissing(response, "a history of checks");
  answerJson(response, historyToGate(await readHistory(location)));
});
