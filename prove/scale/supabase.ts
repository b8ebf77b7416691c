import { me } from "#contract/accounts.ts";
import type { Answer } from "../../server/testing/answer.ts";
import { openCookies } from "../../server/testing/cookies.ts";
import { openSupabaseApp, type SupabaseApp } from "../../server/testing/supabaseApp.ts";
import { type IssuerKey, makeIssuerKey } from "../../server/testing/supabaseIssuer.ts";
import { openTestApp, password } from "../../server/testing/testApp.ts";
import { compareAnswers, openMentors } from "../../supabase/functions/slots/testing/sameAnswers.ts";
import { type Deno, startDeno } from "../../supabase/functions/slots/testing/startDeno.ts";
import type { Finding } from "../proof.ts";
import { asTwin } from "../rounds.ts";

/** How many people sign in with each kind of key. */
const people = 20;

/** What Supabase runs in place of ours: the slot engine in its runtime, and sign-in. */
export async function liveOnSupabase(): Promise<Finding[]> {
  return [...(await askDeno()), ...(await signInWithEachKey())];
}

async function askDeno(): Promise<Finding[]> {
  const test = await openTestApp();
  const deno = await startDeno(test.db.ownerUrl);
  try {
    const mentors = await openMentors(test);
    const compare = async (promise: string, ask: Deno["ask"]): Promise<Finding> => {
      const { asked, different } = await compareAnswers(test, mentors, ask);
      return {
        promise,
        figure: `${asked} asked for, ${different.length} different`,
        holds: asked > 0 && different.length === 0,
      };
    };
    const elsewhere = (query: string) => query.replace(/timezone=[^&]*/, "timezone=Pacific/Kiritimati");
    return [
      await compare("The slot engine in deno gives the app's answers", deno.ask),
      asTwin(
        "asked for another time zone, it gives others",
        await compare("elsewhere", (query) => deno.ask(elsewhere(query))),
      ),
    ];
  } finally {
    await deno.stop();
    await test.close();
  }
}

async function signInWithEachKey(): Promise<Finding[]> {
  const test = await openSupabaseApp();
  try {
    const [rsa, unknown] = [await makeIssuerKey("RS256"), await makeIssuerKey("ES256")];
    test.issuer.publish(test.key, rsa);
    return [
      await signInWith(test, "a key of its JWKS (ES256)", test.key),
      await signInWith(test, "a key of its JWKS (RS256)", rsa),
      await signInWith(test, "the legacy secret (HS256)", "shared secret"),
      asTwin(
        "with a key that its JWKS does not list, no request is a person's",
        await signInWith(test, "unknown", unknown),
      ),
    ];
  } finally {
    await test.close();
  }
}

/** People of a project that signs with this key, each in a browser and with the token that supabase-js sends. */
async function signInWith(
  test: SupabaseApp,
  named: string,
  key: IssuerKey | "shared secret",
): Promise<Finding> {
  test.platform.signsWith = key;
  const counts = { pages: 0, tokens: 0, left: 0 };
  for (let n = 0; n < people; n++) {
    const person = await test.createUser();
    const isOf = (answer: Answer) => answer.status === 200 && answer.read(me).id === person.id;
    const cookies = openCookies();
    const credentials = { email: person.email, password };
    cookies.keep(await test.call()("POST", "/api/auth/sign-in/email", credentials));
    const browser = test.call(cookies.header());
    if (isOf(await browser("GET", "/me"))) counts.pages += 1;
    const script = test.call({ authorization: `Bearer ${(await test.signIn(person)).token}` });
    if (isOf(await script("GET", "/me"))) counts.tokens += 1;
    for (const call of [browser, script]) {
      await call("POST", "/api/auth/sign-out", {});
      if ((await call("GET", "/me")).status !== 401) counts.left += 1;
    }
  }
  return {
    promise: `People sign in by a Supabase-like issuer with ${named}, and out again`,
    figure: `${counts.pages} of ${people} in a browser, ${counts.tokens} of ${people} with supabase-js's token, ${counts.left} of ${2 * people} still signed in after it`,
    holds: counts.pages === people && counts.tokens === people && counts.left === 0,
  };
}
