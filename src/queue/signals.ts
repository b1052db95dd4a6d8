/** What a processor throws to say where a job goes. BullMQ knows them by their names, so that it need not be loaded here. */

/** No other attempt would end otherwise: the job fails at once. */
export class UnrecoverableError extends Error {
  override readonly name = "UnrecoverableError";
}

/** The job waits again, or is another worker's: nothing is reported of it. */
export class WaitingError extends Error {
  override readonly name = "WaitingError";
}
