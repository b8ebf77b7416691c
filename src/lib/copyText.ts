/**
 * Puts text on the clipboard; false where the browser forbids it. Pages on plain http other than localhost have no
 * `navigator.clipboard` at all, whatever TypeScript's types say.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
