import * as en from "./en/index.ts";

/** Every sentence a person reads, by noun. English defines the shape; another language has to satisfy it. */
export type Words = typeof en;

const catalogues = { en } satisfies Record<string, Words>;

/** BCP 47 tags of the languages that have a catalogue. */
export type Language = keyof typeof catalogues;

/** The sentences for a person whose language is known, such as the recipient of a message. */
export function wordsIn(language: Language): Words {
  return catalogues[language];
}
