/** A safetensors file of which tensors are read one by one. */
import { open } from "node:fs/promises";
import { GanEvalError } from "../errors.ts";
import { headerToPlaces, startToHeaderEnd } from "./safetensors.ts";
import { bytesToArray, type LazyTensors, tensorToFloat32 } from "./tensor.ts";

const cannotRead = (location: string, why: string, cause?: unknown): GanEvalError =>
  new GanEvalError("input.cannot-read", `cannot read ${location}: ${why}`, {
    hint: "Check the path and its permissions.",
    cause,
  });

/**
 * Opens a file: its header is read, and nothing else.
 * @throws GanEvalError `input.cannot-read`; `input.safetensors` for anything that the format does not allow
 */
export async function openSafetensors(location: string): Promise<LazyTensors> {
  const file = await open(location, "r").catch((cause: Error) => {
    throw cannotRead(location, cause.message, cause);
  });
  const readAt = async (start: number, length: number): Promise<Uint8Array> => {
    const buffer = Buffer.alloc(length);
    for (let at = 0; at < length; ) {
      const { bytesRead } = await file.read(buffer, at, length - at, start + at);
      if (bytesRead === 0) throw cannotRead(location, "it became shorter while it was read");
      at += bytesRead;
    }
    return buffer;
  };
  try {
    const { size } = await file.stat();
    const end = startToHeaderEnd(await readAt(0, Math.min(8, size)), size, location);
    const { placed } = headerToPlaces(await readAt(8, end - 8), size - end, location);
    const places = new Map(placed.map((place) => [place.name, place]));
    return {
      location,
      tensors: places,
      async read(name) {
        const { dtype, shape, from, to } = places.get(name)!;
        const bytes = await readAt(end + from, to - from);
        return tensorToFloat32({ dtype, shape, read: () => bytesToArray(bytes, dtype) }, name);
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}
