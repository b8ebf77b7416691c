import { emailPattern } from "#contract/patterns.ts";
import { textLimits } from "#rules/limits.ts";

/** Whether the API accepts it as an e-mail address. */
export function isEmail(text: string): boolean {
  const address = text.trim();
  const isShort = address.length <= textLimits.email && address.indexOf("@") <= textLimits.emailLocalPart;
  return isShort && emailPattern.test(address);
}
