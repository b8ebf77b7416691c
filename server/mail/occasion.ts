import { type EpochMs, epochMs } from "#scheduling/units.ts";

declare const brand: unique symbol;

/** Identifies what a message is about: a person gets one message about it on each channel. From `occasionOf`. */
export type Occasion = string & { readonly [brand]: never };

/**
 * The key of an occasion, which begins with its month (UTC): the tables of messages are divided by month with the key that lets
 * no message be written twice (`npm run partition`).
 * @param at when it happened. Whenever the key is made again it must be in the same month, so it comes from the database, is about
 * the occasion and never changes
 */
export function occasionOf(at: EpochMs, ...names: readonly (string | number)[]): Occasion {
  return [new Date(at).toISOString().slice(0, 7), ...names].join(":") as Occasion;
}

/** When an id of the database (UUID version 7) was made. */
export function timeOfId(id: string): EpochMs {
  return epochMs(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16));
}
