/** The e-mail address that another page passed in the router's state, or "". */
export function emailIn(state: unknown): string {
  return typeof state === "object" && state !== null && "email" in state && typeof state.email === "string"
    ? state.email
    : "";
}
