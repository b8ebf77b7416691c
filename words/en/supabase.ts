/** Accounts that Supabase Auth keeps. */

export const refusals = {
  confirmByMail: "Open the link in the e-mail that was sent to you, then sign in.",
  weakPassword: "This password is too easy to guess. Choose a longer one.",
  addressRefused: "This e-mail address can’t be used. Choose another one.",
};

/** The name of a person who has not given one. */
export const unnamedPerson = "Member";
