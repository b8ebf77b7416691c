/** The plural forms of one language. `other` is the only form that every language has. */
type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

export interface Plurals {
  /** The form that goes with a number, without the number: `form(2, { one: "day", other: "days" })` is "days". */
  form: (count: number, forms: PluralForms) => string;
  /** The number, grouped as the language writes it, and its form: "1 day", "2,000 days". */
  count: (count: number, forms: PluralForms) => string;
}

/** @param language BCP 47 tag, such as "en" or "hi" */
export function pluralsOf(language: string): Plurals {
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  const form: Plurals["form"] = (count, forms) => forms[rules.select(count)] ?? forms.other;
  return { form, count: (count, forms) => `${numbers.format(count)} ${form(count, forms)}` };
}
