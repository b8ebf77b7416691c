/** Codes by e-mail: confirming an address, signing in, a forgotten password, changing the address. */

export const codeField = {
  label: "Six-digit code",
  missing: "Enter the code.",
  wrongForm: "The code has six digits.",
  sentTo: ({ email }: { email: string }) => `We’ve sent a code to ${email}. It works for ten minutes.`,
  /** Also where there may be no account. */
  sentIfKnown: ({ email }: { email: string }) =>
    `If ${email} has an account, a code is on its way. It works for ten minutes.`,
  again: "Send a new code",
  againIn: (seconds: number) => `Send a new code (in ${seconds} s)`,
  sentAgain: "We’ve sent a new code. Earlier ones no longer work.",
  failed: "Couldn’t send the code",
};

export const confirmAddress = {
  title: "Confirm your e-mail",
  submit: "Confirm e-mail",
  confirmed: "Your e-mail address is confirmed.",
  /** The strip over all pages. */
  notice: ({ email }: { email: string }) => `Confirm that ${email} is your address.`,
  enterCode: "Enter the code",
};

/** In the booking dialog, before a request is sent. */
export const confirmStep = {
  title: "Confirm your e-mail",
  lead: ({ mentor }: { mentor: string }) =>
    `${mentor}’s reply has to reach you, so we check your address once.`,
};

export const codeSignIn = {
  offer: "E-mail me a code",
  title: "Sign in with a code",
  lead: "No password needed: we’ll e-mail you a code.",
  send: "E-mail me a code",
  usePassword: "Sign in with your password",
  otherAddress: "Use another address",
};

export const forgotPassword = {
  link: "Forgot your password?",
  title: "Choose a new password",
  lead: ({ signIn }: { signIn: string }) => `We’ll e-mail you a code first. Remembered it? ${signIn}`,
  send: "E-mail me a code",
  password: "New password",
  submit: "Save and sign in",
  done: "Your password is changed.",
  doneText: "All your other devices are signed out.",
};

export const changeAddress = {
  present: ({ email }: { email: string }) => `Your address is ${email}.`,
  unconfirmed: ({ email }: { email: string }) => `Your address is ${email}, which isn’t confirmed yet.`,
  fresh: "New e-mail address",
  freshMissing: "Enter your new address.",
  password: "Current password",
  passwordMissing: "Enter your current password.",
  codeToPresent: "Code from your present address",
  sendToPresent: "Send a code to my present address",
  send: "Change e-mail",
  sent: ({ email }: { email: string }) =>
    `We’ve sent a code to ${email}. Your address changes when you enter it here.`,
  /** Whether the address has another account is not said. */
  nothingCame: "Nothing there? Check the address for typos, or whether you’ve used it for another account.",
  submit: "Confirm new address",
  cancel: "Keep my present address",
  changed: "Your e-mail address is changed.",
};
