import { pluralsOf } from "../plurals.ts";

export const language = "en";

/** How numbers, dates and times are written if the browser prefers no variety of this language. */
export const defaultLocale = "en-IN";

export const { count } = pluralsOf(language);
