import { hashPassword, verifyPassword } from "better-auth/crypto";
import { Refusal } from "../platform/errors.ts";

/** Concurrent hashes. Each occupies one of the four threads shared with name lookups and files, and a core for some 50 ms. */
const maxConcurrent = 1;
/** Waiting hashes: some seconds of work. */
const maxWaiting = 100;

export interface PasswordLane {
  hash(password: string): Promise<string>;
  verify(input: { hash: string; password: string }): Promise<boolean>;
}

/**
 * Password hashing is slow on purpose, so it has its own queue: simultaneous sign-ins wait for each other but don't block
 * other requests. @throws Refusal `overloaded` if the queue is full
 */
export function openPasswordLane({ concurrent = maxConcurrent, waiting = maxWaiting } = {}): PasswordLane {
  const queue: (() => void)[] = [];
  let busy = 0;

  async function inQueue<T>(work: () => Promise<T>): Promise<T> {
    if (busy < concurrent) busy += 1;
    else {
      if (queue.length >= waiting) throw new Refusal("overloaded");
      await new Promise<void>((resolve) => queue.push(resolve));
    }
    try {
      return await work();
    } finally {
      const next = queue.shift();
      // The next one takes over this slot.
      if (next) next();
      else busy -= 1;
    }
  }

  return {
    hash: (password) => inQueue(() => hashPassword(password)),
    verify: (input) => inQueue(() => verifyPassword(input)),
  };
}
