import { hashPassword, verifyPassword } from "better-auth/crypto";
import { Refusal } from "../platform/errors.ts";

/** Hashes worked on at once. Each takes a thread of the four that name lookups and files share, and a core for some 50 ms. */
const mostAtOnce = 1;
/** Hashes that may wait, some seconds of work. */
const mostWaiting = 100;

export interface PasswordLane {
  hash(password: string): Promise<string>;
  verify(input: { hash: string; password: string }): Promise<boolean>;
}

/**
 * Hashing is slow on purpose, so it waits in a line of its own: many people who sign in at once wait for each other, and
 * everything else goes on beside them. @throws Refusal `overloaded` when the line is full
 */
export function openPasswordLane({ atOnce = mostAtOnce, waiting = mostWaiting } = {}): PasswordLane {
  const line: (() => void)[] = [];
  let busy = 0;

  async function inLine<T>(work: () => Promise<T>): Promise<T> {
    if (busy < atOnce) busy += 1;
    else {
      if (line.length >= waiting) throw new Refusal("overloaded");
      await new Promise<void>((resolve) => line.push(resolve));
    }
    try {
      return await work();
    } finally {
      const next = line.shift();
      // Whoever is next takes over this place.
      if (next) next();
      else busy -= 1;
    }
  }

  return {
    hash: (password) => inLine(() => hashPassword(password)),
    verify: (input) => inLine(() => verifyPassword(input)),
  };
}
