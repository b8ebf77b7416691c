/** A reason not to start that the operator can fix. Its message is printed as one line. */
export class StartupError extends Error {
  override name = "StartupError";
}

/** What an error says, in one line. */
export function messageOf(thrown: unknown): string {
  // An AggregateError (both addresses of a name refused) has no message.
  const error: unknown = thrown instanceof AggregateError ? thrown.errors[0] : thrown;
  return error instanceof Error ? error.message || error.name : String(error);
}
