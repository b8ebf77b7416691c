import { googleProblems } from "#words/signIn.ts";
import { api } from "@/lib/api.ts";

type Leaving = {
  /** Where to return to. */
  next: string;
  /** Where to return to if it fails: the reason is added as `error`. */
  onError: string;
};

/** Leaves the page for Google. @throws ApiProblem */
export function continueWithGoogle(leaving: Leaving): Promise<void> {
  return leave("/api/auth/sign-in/social", leaving, true);
}

/** Leaves the page for Google, to connect it to the account of the person who is signed in. @throws ApiProblem */
export function connectGoogle(leaving: Leaving): Promise<void> {
  return leave("/api/auth/link-social", leaving, false);
}

async function leave(path: string, { next, onError }: Leaving, forAnyone: boolean): Promise<void> {
  const { url } = await api.post<{ url: string }>(
    path,
    { provider: "google", callbackURL: next, errorCallbackURL: onError, disableRedirect: true },
    { forAnyone },
  );
  window.location.assign(url);
}

/** The sentence for the `error` with which Google, or the API on its behalf, sent the browser back. */
export function googleProblem(error: string | null): string | null {
  switch (error) {
    case null:
      return null;
    case "access_denied":
      return googleProblems.cancelled;
    case "account_not_linked":
      return googleProblems.notLinked;
    case "email_not_verified":
      return googleProblems.notVerified;
    case "account_already_linked_to_different_user":
      return googleProblems.takenByAnother;
    default:
      return googleProblems.failed;
  }
}
