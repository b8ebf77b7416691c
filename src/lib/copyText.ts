/**
 * Copies text to the clipboard; returns false if the browser does not allow it. Pages on plain http other than localhost
 * have no `navigator.clipboard`, although TypeScript's types include it.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
