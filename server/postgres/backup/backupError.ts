/** A reason why a backup or restore did not happen; its message is one sentence for the operator. */
export class BackupError extends Error {
  override name = "BackupError";
}
