/** The page of one's own account. */

export const accountPage = {
  title: "Your account",
  menu: "Account",
};

/** Headings of the page's sections, which are also links to them. */
export const accountSections = {
  profile: "Profile",
  password: "Password",
  devices: "Signed-in devices",
  calendar: "Calendar",
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
