import { useQueryClient } from "@tanstack/react-query";
import { typedCode } from "#contract/patterns.ts";
import type { PasskeyAssertion } from "#contract/signInMethods.ts";
import { api } from "@/lib/api.ts";
import { clearDrafts } from "@/lib/drafts.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { tabPerson } from "@/lib/tabPerson.ts";
import { meQuery } from "./queries.ts";
import { notifyTabs } from "./signInNews.ts";

export type Credentials = { email: string; password: string };
export type NewAccount = Credentials & { name: string };

/** What a sign-in has led to. */
export type Entry = "signed in" | "second step";
export type SecondStep = { by: "app" | "recovery code"; code: string; trustDevice: boolean };

const secondStepPaths = {
  app: "/api/auth/two-factor/verify-totp",
  "recovery code": "/api/auth/two-factor/verify-backup-code",
} as const;

/** The account actions. Each updates who is signed in, here and in other tabs. @throws ApiProblem */
export function useLogin() {
  const queryClient = useQueryClient();

  async function enter(path: string, body: object): Promise<Entry> {
    const answer = await api.post<{ twoFactorRedirect?: true }>(path, body, { forAnyone: true });
    if (answer.twoFactorRedirect) return "second step";
    const before = tabPerson.id();
    tabPerson.welcome();
    const me = await queryClient.fetchQuery({ ...meQuery, staleTime: 0 });
    if (before !== undefined && before !== me?.id)
      queryClient.removeQueries({ queryKey: queryKeys.bookings });
    if (me) notifyTabs({ userId: me.id });
    return "signed in";
  }

  function forget(): void {
    clearDrafts();
    tabPerson.release();
    queryClient.setQueryData(queryKeys.me, null);
    queryClient.removeQueries({ queryKey: queryKeys.bookings });
    notifyTabs({ userId: null });
  }

  return {
    signIn: (credentials: Credentials) => enter("/api/auth/sign-in/email", credentials),
    signUp: (account: NewAccount) => enter("/api/auth/sign-up/email", account),
    signInWithPasskey: (passkey: PasskeyAssertion) => enter("/api/auth/passkey/sign-in", { passkey }),
    /** With a code that was mailed. */
    signInWithCode: (email: string, code: string) =>
      enter("/api/auth/sign-in/email-otp", { email, otp: typedCode(code) }),
    /** With a code that was mailed. Ends all other logins. */
    resetPassword: (email: string, code: string, password: string) =>
      enter("/api/auth/email-otp/reset-password", { email, otp: typedCode(code), password }),
    /** With a code of the authenticator app, or a recovery code. */
    finishSignIn: ({ by, ...code }: SecondStep) => enter(secondStepPaths[by], code),
    async signOut(): Promise<void> {
      await api.post("/api/auth/sign-out", {});
      forget();
    },
    /** For a login that has ended on the server. */
    forget,
  };
}
