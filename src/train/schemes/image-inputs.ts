/** The images of the data as inputs of a scheme. */
import type { SchemeInput } from "../scheme/inputs.ts";
import { imageField, type SchemeRequest } from "./scheme-request.ts";

/** Each under its own name. @throws GanEvalError `usage.data` where the data have none of that name */
export const imagesToInputs = (
  request: SchemeRequest,
  names: readonly string[],
): Readonly<Record<string, SchemeInput>> =>
  Object.fromEntries(
    names.map((field) => [field, { kind: "field", field, shape: imageField(request, field) }]),
  );
