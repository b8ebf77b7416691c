export const pick = <T>(items: readonly T[]): T => items[Math.floor(Math.random() * items.length)] as T;

/** What is refused at this moment is no error of the history: it was only tried. */
export const attempt = (work: Promise<unknown>) => work.catch(() => undefined);
