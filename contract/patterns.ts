/** The form of contact data, for schemas and forms alike. Forms import it without zod. */

/** HTML's own pattern of `<input type=email>`, as zod has it; `textLimits` adds SMTP's bounds. */
export const emailPattern =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;

export const phonePattern = /^\+?[\d\s().-]{6,32}$/;
