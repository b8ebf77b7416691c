/** A reason not to start that the operator can fix. Its message is printed as one line. */
export class StartupError extends Error {
  override name = "StartupError";
}
