/** Remembers on this device which mentors have dismissed the setup strip. */
const PREFIX = "matepeak.setup-dismissed.";

export function isSetupDismissed(userId: string): boolean {
  try {
    return localStorage.getItem(PREFIX + userId) !== null;
  } catch {
    return false; // Without storage it is shown again.
  }
}

export function dismissSetup(userId: string): void {
  try {
    localStorage.setItem(PREFIX + userId, "yes");
  } catch {
    // Without storage it stays dismissed until the page is reloaded.
  }
}
