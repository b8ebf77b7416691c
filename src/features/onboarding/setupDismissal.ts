/** Remembers on this device who has put the setup's strip away. */
const PREFIX = "matepeak.setup-dismissed.";

export function isSetupDismissed(userId: string): boolean {
  try {
    return localStorage.getItem(PREFIX + userId) !== null;
  } catch {
    return false; // Forbidden storage: it is shown again.
  }
}

export function dismissSetup(userId: string): void {
  try {
    localStorage.setItem(PREFIX + userId, "yes");
  } catch {
    // Forbidden storage: it is gone for this visit.
  }
}
