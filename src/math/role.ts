/** Which set rows belong to. */

/** `heldOut` are real images that no generator was trained on. */
export type Role = "real" | "fake" | "heldOut";
