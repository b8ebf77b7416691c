/** The page of one's own account. */
import { count } from "./language.ts";

export const accountPage = {
  title: "Your account",
  menu: "Account",
};

/** Headings of the page's sections, which are also links to them. */
export const accountSections = {
  profile: "Profile",
  address: "E-mail",
  notifications: "Notifications",
  password: "Password",
  passkeys: "Passkeys",
  twoFactor: "Two-factor sign-in",
  google: "Google",
  devices: "Signed-in devices",
  calendars: "Calendars",
  calendar: "Calendar feed",
  data: "Your data",
  delete: "Delete account",
};

export const profileSection = {
  name: "Name",
  nameMissing: "Enter your name.",
  timeZone: "Time zone",
  timeZoneHint: "For the times in your messages and reminders.",
  save: "Save profile",
  saved: "Profile saved.",
};

export const passwordSection = {
  current: "Current password",
  currentMissing: "Enter your current password.",
  fresh: "New password",
  freshMissing: "Choose a new password.",
  submit: "Change password",
  changed: "Password changed.",
  changedText: "All your other devices are signed out.",
  none: "You sign in without a password. You can add one as another way in.",
  add: "Set a password",
  added: "Password set.",
};

export const signInMethodsFailed = "Couldn’t load how you sign in";
export const confirmFirst = "Confirm your e-mail address first.";

export const passkeysSection = {
  lead: "Sign in with your fingerprint, face or screen lock instead of a password.",
  add: "Add a passkey",
  adding: "Waiting for your device…",
  added: "Passkey added.",
  notMade: "Your device didn’t add a passkey. Please try again.",
  alreadyThere: "This device already has a passkey for your account.",
  unsupported: "This browser doesn’t support passkeys.",
  list: "Your passkeys",
  addedOn: (day: string) => `Added ${day}`,
  lastUsed: (ago: string) => `Last used ${ago}`,
  neverUsed: "Not used yet",
  remove: (name: string) => `Remove passkey ${name}`,
  removeTitle: "Remove this passkey?",
  removeText: "You can no longer sign in with it here. Delete it on your device too.",
  removeConfirm: "Remove passkey",
  keep: "Keep it",
  removed: "Passkey removed.",
};

export const twoFactorSection = {
  lead: "After your password, a code from an authenticator app. A passkey doesn’t need one.",
  on: "On",
  turnOn: "Set up two-factor",
  turnOff: "Turn off",
  turnOffTitle: "Turn off two-factor sign-in?",
  turnOffText: "Your password alone will be enough to sign in. Your recovery codes stop working.",
  turnedOff: "Two-factor sign-in is off.",
  keepOn: "Keep it on",
  codesLeft: (codes: number) => `${count(codes, { one: "recovery code", other: "recovery codes" })} left.`,
  noCodesLeft: "No recovery codes left. Make new ones now.",
  newCodes: "New recovery codes",
  newCodesTitle: "Make new recovery codes?",
  newCodesText: "The ones you saved before stop working.",
  keepCodes: "Keep the old ones",
};

/** Setting up an authenticator app. */
export const twoFactorSetup = {
  title: "Set up two-factor",
  scan: "Scan this code with your authenticator app.",
  qrCode: "QR code for your authenticator app",
  openApp: "Open my authenticator app",
  key: "Or type this key",
  code: "Six-digit code from the app",
  codeMissing: "Enter the code that the app shows.",
  submit: "Turn on",
};

export const recoveryCodesDialog = {
  title: "Save your recovery codes",
  text: "If you lose your phone, each of these gets you in once. We can’t show them again.",
  list: "Recovery codes",
  copy: "Copy",
  copied: "Copied",
  copyFailed: "Your browser doesn’t let us copy. Select the codes instead.",
  download: "Download",
  fileName: "matepeak-recovery-codes.txt",
  done: "I’ve saved them",
  turnedOn: "Two-factor sign-in is on.",
};

export const googleSection = {
  lead: "Sign in with your Google account.",
  connected: "Connected",
  connect: "Connect Google",
  disconnect: "Disconnect",
  disconnectTitle: "Disconnect Google?",
  disconnectText: "You can no longer sign in here with your Google account.",
  keep: "Keep it",
  disconnected: "Google is disconnected.",
};

export const devicesSection = {
  lead: "Where you’re signed in. Sign out anything you don’t recognise.",
  failed: "Couldn’t load your devices",
  here: "This device",
  activeNow: "Active now",
  lastActive: (ago: string) => `Last active ${ago}`,
  since: (day: string) => `Signed in on ${day}`,
  signOut: "Sign out",
  signOutOf: (device: string) => `Sign out ${device}`,
  signedOut: (device: string) => `${device} is signed out.`,
  signOutOthers: "Sign out everywhere else",
  signOutOthersTitle: "Sign out everywhere else?",
  signOutOthersText: "Every device except this one has to sign in again.",
  keepOthers: "Keep them signed in",
  othersSignedOut: "Everywhere else is signed out.",
};

/** A signed-in device by what its browser reported. */
export const deviceName = {
  both: (browser: string, system: string) => `${browser} on ${system}`,
  /** A program that calls the API with a token. */
  script: "Script or app",
  /** Of a passkey. */
  key: "Passkey",
};

/** What keeps passkeys, by its own name. */
export const passwordManagers = {
  apple: "Apple Passwords",
  google: "Google Password Manager",
  samsung: "Samsung Pass",
  windows: "Windows Hello",
};
