import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { Refusal } from "../platform/errors.ts";
import type { Accounts } from "./accounts.ts";

/** How long an account that somebody is creating at this moment may take to get its password, ms. */
const longestCreation = 1_000;
const pause = 50;

/** The library's words for an address that has an account, before its own look and after the database's refusal. */
const taken = /"code":"(?:USER_ALREADY_EXISTS\w*|FAILED_TO_CREATE_USER)"/;

/**
 * What the library said of a sign-up is that its address has an account, or that it lost a race for it. Waits until that
 * account can be signed in to. False when there is none: the sign-up failed for another reason.
 */
export async function isTaken(accounts: Accounts, said: string, email: string): Promise<boolean> {
  if (!taken.test(said)) return false;
  const { internalAdapter } = await accounts.$context;
  for (const end = performance.now() + longestCreation; performance.now() < end; await sleep(pause)) {
    const found = await internalAdapter.findUserByEmail(email, { includeAccounts: true });
    if (!found) return false;
    if (found.accounts.length > 0) return true;
  }
  return true;
}

const signedIn = z.object({ token: z.string(), user: z.looseObject({}) });

/**
 * Somebody who signs up with the address and the password of an account is its owner, and is signed in, with the answer of
 * a sign-up. Anybody else is not told whether the address has an account.
 * @param signIn the library's answer to a sign-in with the same address and password
 * @throws Refusal `account_not_created`
 */
export async function answerOfSignIn(signIn: Response): Promise<Response> {
  if (signIn.status >= 500) throw new Refusal("internal");
  if (!signIn.ok) throw new Refusal("account_not_created");
  const { token, user } = signedIn.parse(await signIn.json());
  return new Response(JSON.stringify({ token, user }), { status: 200, headers: signIn.headers });
}
