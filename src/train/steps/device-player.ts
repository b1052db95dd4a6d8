/** A player's arrays in a device's memory, each kind as one flat array, and their way there and back. */
import type { DeviceArray, DeviceMemory } from "../../engine/engine.ts";
import { OPTIMIZERS } from "../optimizers.ts";
import type { Player } from "../scheme/scheme.ts";
import type { NetworkBlocks, TrainedNetwork } from "../trained-network.ts";
import type { PlayerLayouts } from "./device-update.ts";
import { arraysToFlat, type FlatLayout, flatToArrays, specsToLayout } from "./flat-arrays.ts";
import type { Home } from "./steps.ts";

type Arrays = NetworkBlocks["weights"];

/** A kind of arrays that stays there. */
interface Kind {
  readonly name: string;
  readonly layout: FlatLayout;
  readonly isOf: Home;
  readonly of: (blocks: NetworkBlocks) => Arrays;
}

export class DevicePlayer {
  readonly layouts: PlayerLayouts;
  /** By what they are: `weights`, `buffers`, what the optimizer carries, `averages`, `averageBuffers`. */
  readonly arrays: Record<string, DeviceArray> = {};
  private readonly memory: DeviceMemory;
  private readonly networks: Readonly<Record<string, TrainedNetwork>>;
  private readonly kinds: readonly Kind[];

  constructor(
    memory: DeviceMemory,
    networks: Readonly<Record<string, TrainedNetwork>>,
    { owns, optimizer, emaDecay }: Player,
  ) {
    this.memory = memory;
    this.networks = networks;
    const weights = specsToLayout(owns.map((name) => [name, networks[name].network.weights]));
    const buffers = specsToLayout(owns.map((name) => [name, networks[name].network.buffers]));
    const directions = buffers.places.map(
      ({ network, key }) => networks[network].network.buffers[key].initializer.kind === "direction",
    );
    this.layouts = { weights, buffers, directions };
    const kinds: Kind[] = [
      { name: "weights", layout: weights, isOf: "networks", of: (blocks) => blocks.weights },
      { name: "buffers", layout: buffers, isOf: "networks", of: (blocks) => blocks.buffers },
      ...OPTIMIZERS[optimizer].carries.map(
        (name): Kind => ({ name, layout: weights, isOf: "all", of: ({ carried }) => carried[name] }),
      ),
    ];
    if (emaDecay !== undefined)
      kinds.push(
        { name: "averages", layout: weights, isOf: "networks", of: (blocks) => blocks.averages! },
        { name: "averageBuffers", layout: buffers, isOf: "networks", of: (blocks) => blocks.averageBuffers! },
      );
    // A device has no arrays of no elements.
    this.kinds = kinds.filter(({ layout }) => layout.size > 0);
  }

  /** Puts an array in the place of another, whose memory it gives back. */
  take(name: string, array: DeviceArray): void {
    this.arrays[name]?.free();
    this.arrays[name] = array;
  }

  /** Brings the networks' arrays there. */
  async put(): Promise<void> {
    for (const { name, layout, of } of this.kinds) {
      const flat = arraysToFlat(layout, ({ network, key }) => of(this.networks[network].blocks)[key]);
      this.take(name, await this.memory.put(flat, { shape: [layout.size] }));
    }
  }

  /** Brings arrays back to the networks. */
  async bringHome(kinds: readonly Home[]): Promise<void> {
    for (const { name, layout, isOf, of } of this.kinds) {
      if (!kinds.includes(isOf)) continue;
      const flat = (await this.memory.read(this.arrays[name])) as Float32Array;
      flatToArrays(flat, layout, ({ network, key }) => of(this.networks[network].blocks)[key]);
    }
  }

  free(): void {
    for (const [name, array] of Object.entries(this.arrays)) {
      array.free();
      delete this.arrays[name];
    }
  }
}
