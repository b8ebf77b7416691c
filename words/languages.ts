import * as en from "./en/index.ts";

/** A catalogue without its own wording: a translation has the same names and facts, and other text. */
type Translatable<Entry> = Entry extends string
  ? string
  : Entry extends (...facts: infer Facts) => infer Result
    ? (...facts: Facts) => Translatable<Result>
    : { readonly [Name in keyof Entry]: Translatable<Entry[Name]> };

/** All sentences, by noun. English defines the shape that every other language has to satisfy. */
export type Words = Translatable<typeof en>;

const catalogues = { en } satisfies Record<string, Words>;

/** BCP 47 tags of the languages that have a catalogue. */
export type Language = keyof typeof catalogues;

export const languages = Object.keys(catalogues) as [Language, ...Language[]];

/** For people whose language is unknown. */
export const defaultLanguage: Language = "en";

/** The sentences for a person whose language is known, such as the recipient of a message. */
export function wordsIn(language: Language): Words {
  return catalogues[language];
}
