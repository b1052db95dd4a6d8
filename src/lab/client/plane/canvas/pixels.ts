/** Canvases at the screen's own resolution, and numbers as they come in messages. */

/** Sized to its place in the page and cleared; 1 is a pixel of the style sheet. */
export function canvasToContext(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const ratio = Math.min(2, devicePixelRatio);
  const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext("2d")!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/** Base64 of float32. */
export const textToFloats = (text: string): Float32Array =>
  new Float32Array(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer);
