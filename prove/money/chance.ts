export const pick = <T>(items: readonly T[]): T => items[Math.floor(Math.random() * items.length)] as T;

/** What is refused at this moment is no error of the history: it was only tried. */
export const attempt = (work: Promise<unknown>) => work.catch(() => undefined);

/** Undefined if this constraint refuses it; every other error is thrown. */
export async function unlessRefused<T>(work: Promise<T>, constraint: string): Promise<T | undefined> {
  return work.catch((error: Error & { constraint?: string }) => {
    if (error.constraint === constraint) return undefined;
    throw error;
  });
}
