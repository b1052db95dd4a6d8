/** In which order samples are trained on: every pass in one of its own, from a position that a checkpoint can hold. */
import { GanEvalError } from "../../../errors.ts";
import type { RandomStream } from "../../random.ts";
import type { DataPosition } from "../../training-data.ts";

export interface PassOrder {
  readonly position: DataPosition;
  jump(position: DataPosition): void;
  /** The next n of a pass. A rest that does not fill a batch is left out. */
  take(n: number): Int32Array;
  /** What `take(n)` would give. */
  peek(n: number): Int32Array;
}

/**
 * Permutations of 0..count - 1, one after the other.
 * @throws GanEvalError `usage.batch-size` where n is larger than the count
 */
export function openPassOrder(count: number, random: RandomStream, where: string): PassOrder {
  const draw = (stream: number): Int32Array => {
    random.jump(stream);
    return random.permutation(count);
  };
  let position: DataPosition = { epoch: 0, taken: 0, stream: random.position };
  let order = draw(position.stream);
  /** All permutations of so many take as many blocks. */
  const blocks = random.position - position.stream;
  /** The pass after this one, where it was looked at. */
  let following: Int32Array | undefined;
  const drawFollowing = (): Int32Array => {
    following ??= draw(position.stream + blocks);
    return following;
  };
  const requireFits = (n: number): void => {
    if (n <= count) return;
    throw new GanEvalError(
      "usage.batch-size",
      `expected a batch of at most ${count} images (${where}), got ${n}`,
      { hint: "Use a smaller --batch-size, or more images." },
    );
  };
  return {
    get position() {
      return position;
    },
    jump(to) {
      if (to.stream !== position.stream) {
        order = draw(to.stream);
        following = undefined;
      }
      position = to;
    },
    take(n) {
      requireFits(n);
      if (position.taken + n > count) {
        order = drawFollowing();
        following = undefined;
        position = { epoch: position.epoch + 1, taken: 0, stream: position.stream + blocks };
      }
      const { taken } = position;
      position = { ...position, taken: taken + n };
      return order.subarray(taken, taken + n);
    },
    peek(n) {
      requireFits(n);
      if (position.taken + n <= count) return order.subarray(position.taken, position.taken + n);
      return drawFollowing().subarray(0, n);
    },
  };
}
