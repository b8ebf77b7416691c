/** HTML's own pattern of `<input type=email>`, as the server has it in contract/primitives.ts (a test compares them). */
const pattern =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;

export function isEmail(address: string): boolean {
  return address.trim().length <= 254 && pattern.test(address.trim());
}
