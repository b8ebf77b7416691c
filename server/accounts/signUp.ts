import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { Refusal } from "../platform/errors.ts";
import type { Accounts } from "./accounts.ts";

/** How long an account that is being created right now may take to get its password, ms. */
const maxCreationMs = 1_000;
const pause = 50;

/** The library's errors for an address with an account: from its own check, and after the database's constraint. */
const taken = /"code":"(?:USER_ALREADY_EXISTS\w*|FAILED_TO_CREATE_USER)"/;

/**
 * Whether the library rejected a sign-up because the address has an account, or lost a race for it. Waits until that
 * account can be signed in to. Returns false if the sign-up failed for another reason.
 */
export async function isTaken(accounts: Accounts, response: string, email: string): Promise<boolean> {
  if (!taken.test(response)) return false;
  const { internalAdapter } = await accounts.$context;
  for (const end = performance.now() + maxCreationMs; performance.now() < end; await sleep(pause)) {
    const found = await internalAdapter.findUserByEmail(email, { includeAccounts: true });
    if (!found) return false;
    if (found.accounts.length > 0) return true;
  }
  return true;
}

const signedIn = z.object({ token: z.string(), user: z.looseObject({}) });
/** The library's response where a second step follows. */
const secondStep = z.looseObject({ twoFactorRedirect: z.literal(true) });

/**
 * Signing up with the address and password of an existing account signs in, with the response of a sign-up. With any other
 * password, the response does not reveal whether the address has an account.
 * @param signIn the library's response to a sign-in with the same address and password
 * @throws Refusal `account_not_created`
 */
export async function responseOfSignIn(signIn: Response): Promise<Response> {
  if (signIn.status >= 500) throw new Refusal("internal");
  if (!signIn.ok) throw new Refusal("account_not_created");
  const answer: unknown = await signIn.clone().json();
  if (secondStep.safeParse(answer).success) return signIn;
  const { token, user } = signedIn.parse(answer);
  return new Response(JSON.stringify({ token, user }), { status: 200, headers: signIn.headers });
}
