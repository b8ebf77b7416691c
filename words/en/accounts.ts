/** Signing up, in and out, and the person whose tab this is. */

export const accountFields = {
  name: "Name",
  nameHint: "As your mentor will see it.",
  nameMissing: "Enter your name.",
  email: "E-mail",
  emailMissing: "Enter your e-mail address.",
  emailInvalid: "That isn’t a valid e-mail address.",
  password: "Password",
  passwordMissing: "Enter your password.",
  newPasswordHint: (characters: number) => `At least ${characters} characters.`,
  newPasswordMissing: "Choose a password.",
  newPasswordTooShort: (characters: number) => `Use at least ${characters} characters.`,
  showPassword: "Show the password",
};

export const signInPage = {
  title: "Sign in",
  /** After the person was signed out by time. */
  titleAgain: "Sign in again",
  lead: ({ createAccount }: { createAccount: string }) => `New here? ${createAccount}`,
  leadAgain: ({ createAccount }: { createAccount: string }) =>
    `You’ve been signed out. New here? ${createAccount}`,
  createAccount: "Create an account",
  submitting: "Signing in…",
};

export const signUpPage = {
  title: "Create your account",
  lead: ({ signIn }: { signIn: string }) => `Already have an account? ${signIn}`,
  submit: "Create account",
  submitting: "Creating your account…",
  /** The same whether or not the address has an account. `signIn` is a link. */
  notCreated: ({ signIn }: { signIn: string }) =>
    `We couldn’t create an account with this e-mail address and password. If you’ve used MatePeak before, ${signIn}.`,
  signInInstead: "sign in with your old password",
  mentor: "I want to mentor",
  mentorDetail: "We’ll help you set up your page. It takes about five minutes.",
};

/** On both pages, when a booking was begun before. */
export const bookingSaved = "We’ve saved your booking. You’ll come straight back to finish it.";

export const signInRequired = {
  title: "Sign in to see this",
  detail: "We’ll bring you straight back to this page.",
  createAccount: "Create account",
  failed: "Couldn’t check whether you’re signed in",
};

/** Over the page while another person is signed in than the one it belongs to. */
export const otherPerson = {
  signedIn: ({ name }: { name: string }) => `${name} is signed in now`,
  signedOut: "You signed out in another tab",
  detail: ({ owner }: { owner: string }) =>
    `This page belongs to ${owner}, who can sign in again to continue. Nothing typed here is lost.`,
  password: (email: string) => `Password for ${email}`,
  signInAs: ({ name }: { name: string }) => `Sign in as ${name}`,
  continueAs: ({ name }: { name: string }) => `Continue as ${name}`,
  continueSignedOut: "Continue without signing in",
};

export const accountMenu = {
  label: (name: string) => `Account of ${name}`,
  sessions: "My sessions",
  payments: "Payments",
  signOut: "Sign out",
  signedOut: "You’re signed out.",
  signOutFailed: "Couldn’t sign you out. Please try again.",
};
