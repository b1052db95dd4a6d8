/** Whether a job kills its workers: it stalls again and again, and its run does not move meanwhile. */

/** What a job remembers of how it stalled. */
export interface Stalls {
  /** The queue's own count when it was last looked at. */
  readonly seen: number;
  /** How often it stalled in a row without a new checkpoint. */
  readonly idle: number;
  /** The round of the run's checkpoint then. */
  readonly round: number;
}

/** So many stalls in a row without a new checkpoint are no bad luck. */
const MOST_IDLE_STALLS = 3;

const NONE: Stalls = { seen: 0, idle: 0, round: 0 };

/** What is known when a worker takes a job: the queue's count of stalls, and the round of the run's newest checkpoint. */
export function countStalls(before: Stalls = NONE, counted: number, round: number): Stalls {
  if (counted <= before.seen) return before;
  const isMoving = round > before.round;
  return { seen: counted, idle: isMoving ? 0 : before.idle + (counted - before.seen), round };
}

export const isPoison = ({ idle }: Stalls): boolean => idle >= MOST_IDLE_STALLS;
