/** The form of contact data, for schemas and forms alike. Forms import it without zod. */

/** HTML's own pattern of `<input type=email>`, as zod has it; `textLimits` adds SMTP's bounds. */
export const emailPattern =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;

export const phonePattern = /^\+?[\d\s().-]{6,32}$/;

/** Of a code by e-mail, after `typedCode`. */
export const codePattern = /^\d{6}$/;

/** Removes what people and mail programs put between the digits of a code. */
export function typedCode(text: string): string {
  return text.replace(/[\s\u00AD\u200B-\u200F\u2060-\u2069\uFEFF-]/g, "");
}
