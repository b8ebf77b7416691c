/** Mails about an account and how to get into it. */
import type { Minutes } from "#scheduling/units.ts";
import { duration } from "./durations.ts";
import { brand } from "./layout.ts";

const security = "Account security";
const notYou = "If this wasn’t you, change your password right away and sign out everywhere.";

/** Above a code. */
export const codeMails = {
  confirmAddress: {
    label: "Confirm",
    subject: "Confirm your e-mail address",
    heading: "Confirm your e-mail address",
    lead: `Enter this code in ${brand} to show that this address is yours.`,
  },
  signIn: {
    label: "Sign in",
    subject: `Your code to sign in to ${brand}`,
    heading: "Your sign-in code",
    lead: `Enter this code in ${brand} to sign in.`,
  },
  resetPassword: {
    label: "Password",
    subject: `Reset your ${brand} password`,
    heading: "Reset your password",
    lead: `Enter this code in ${brand} to choose a new password.`,
  },
  changeAddress: {
    label: "Confirm",
    subject: "Confirm your new e-mail address",
    heading: "Confirm your new e-mail address",
    lead: `Enter this code in ${brand} to use this address from now on.`,
  },
};

/** Below it. */
export const codeRules = (life: Minutes) =>
  `It’s valid for ${duration(life)}. Don’t share it: we’ll never ask you for it. If you didn’t ask for a code, you can ignore this message.`;

/** In a list of mails, beside the subject. */
export const codePreview = (code: string) => `Your code: ${code}`;

export const accountMails = {
  addressChanged: (facts: { before: string; now: string }) => ({
    label: security,
    subject: `Your ${brand} e-mail address was changed`,
    heading: "Your e-mail address was changed",
    lead: `You now sign in, and get e-mail from us, with ${facts.now} instead of ${facts.before}.`,
    next: notYou,
  }),
  passwordChanged: {
    label: security,
    subject: `Your ${brand} password was changed`,
    heading: "Your password was changed",
    lead: "Your account has a new password.",
    next: "If this wasn’t you, reset your password right away and sign out everywhere.",
  },
  /** @param account its last four characters */
  payoutAccountSet: (account: string) => ({
    label: security,
    subject: "Your payout details were changed",
    heading: "Your payout details were changed",
    lead: `What you earn now goes to the account that ends in ${account}. A change takes a day to count.`,
    next: notYou,
  }),
  payoutAccountRemoved: {
    label: security,
    subject: "Your payout details were removed",
    heading: "Your payout details were removed",
    lead: "What you earn stays in your balance until you add an account again.",
    next: notYou,
  },
  deleted: {
    label: "Account deleted",
    subject: `Your ${brand} account was deleted`,
    heading: "Your account was deleted",
    lead: "We’ve cancelled your upcoming sessions, let the other people know, and removed your data.",
    next: "What the law requires us to keep no longer names you. Thank you for having been here.",
  },
  suspended: {
    label: "Account suspended",
    subject: `Your ${brand} account was suspended`,
    heading: "Your account was suspended",
    lead: "You can’t sign in for now.",
  },
};

/** What changed about how a person signs in. */
export const loginMethodMails = {
  passkey_added: {
    subject: `A passkey was added to your ${brand} account`,
    heading: "A passkey was added",
    lead: "You can now sign in with a new passkey.",
  },
  passkey_removed: {
    subject: `A passkey was removed from your ${brand} account`,
    heading: "A passkey was removed",
    lead: "It can no longer be used to sign in.",
  },
  two_factor_on: {
    subject: `Two-factor sign-in is on for your ${brand} account`,
    heading: "Two-factor sign-in is on",
    lead: "From now on, signing in takes your password and a code from your authenticator app.",
  },
  two_factor_off: {
    subject: `Two-factor sign-in is off for your ${brand} account`,
    heading: "Two-factor sign-in is off",
    lead: "Signing in no longer takes a code from your authenticator app.",
  },
  recovery_codes_made: {
    subject: `New recovery codes for your ${brand} account`,
    heading: "You have new recovery codes",
    lead: "The old ones no longer work.",
  },
  google_linked: {
    subject: `Google was linked to your ${brand} account`,
    heading: "Google sign-in is on",
    lead: "You can now sign in with your Google account.",
  },
  google_unlinked: {
    subject: `Google was unlinked from your ${brand} account`,
    heading: "Google sign-in is off",
    lead: "Your Google account can no longer be used to sign in.",
  },
};

export const loginMethodRest = { label: security, next: notYou };
