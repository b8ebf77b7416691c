/** The e-mail address that another page already knows, in the state of the way to sign-in or sign-up. */
export function emailIn(state: unknown): string {
  return typeof state === "object" && state !== null && "email" in state && typeof state.email === "string"
    ? state.email
    : "";
}
