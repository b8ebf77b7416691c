import { numberLimits } from "#rules/limits.ts";
import { accountFields } from "#words/accounts.ts";

const shortest = numberLimits.passwordCharacters.min;

export const newPasswordHint = accountFields.newPasswordHint(shortest);

/** What a form checks of a new password; the server judges more. */
export const newPasswordRule = {
  required: accountFields.newPasswordMissing,
  minLength: { value: shortest, message: accountFields.newPasswordTooShort(shortest) },
};
