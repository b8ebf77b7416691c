/** Other ways to sign in than a password, and the second step. */

export const otherWays = {
  or: "or",
  google: "Continue with Google",
  passkey: "Use a passkey",
  passkeyPending: "Waiting for your passkey…",
  passkeyCancelled: "We didn’t get a passkey. Try again, or sign in another way.",
};

/** Why Google did not lead to a sign-in. */
export const googleProblems = {
  cancelled: "You cancelled signing in with Google.",
  notLinked:
    "There’s already an account with this e-mail address. Sign in to it first, then connect Google on your account page.",
  notVerified: "Google hasn’t confirmed this e-mail address, so we can’t sign you in with it.",
  takenByAnother: "This Google account is connected to another account here.",
  failed: "Signing in with Google didn’t work. Please try again.",
};

export const secondStep = {
  title: "One more step",
  lead: "Enter the code that your authenticator app shows.",
  leadRecovery: "Enter one of the recovery codes that you saved. Each works once.",
  code: "Six-digit code",
  recoveryCode: "Recovery code",
  codeMissing: "Enter the code.",
  trust: "Trust this device for 30 days",
  trustDetail: "It won’t ask for a code here. Don’t choose this on a shared device.",
  submit: "Continue",
  useRecovery: "Use a recovery code instead",
  useApp: "Use your authenticator app instead",
  again: ({ signInAgain }: { signInAgain: string }) => `Wrong account? ${signInAgain}`,
  signInAgain: "Sign in again",
};

/** Before a change of how a person signs in. */
export const proofDialog = {
  title: "Confirm it’s you",
  text: "A quick check before a change that matters.",
  password: "Your password",
  passwordMissing: "Enter your password.",
  confirm: "Confirm",
  passkey: "Use a passkey",
  google: "Sign in again with Google",
  signInAgain: "Please sign out and in again, then come back to this page.",
};
