/** The local mailbox of an app without a mail server (/dev/mail), read by developers. */
export const mailbox = {
  title: "Local mailbox",
  lead: "No mail server is configured, so mails end up here. Nothing leaves this machine.",
  empty: "No mail yet. It shows up here within a second or two of being due.",
  all: "All mails",
  from: "From",
  to: "To",
  date: "Date",
  text: "Plain text",
  html: "As it looks",
  headers: "Headers",
  parts: "Parts",
  source: "Source",
  part: (type: string, bytes: number) => `${type}, ${bytes} bytes`,
  at: (utc: string) => `${utc} UTC`,
};

/** Why a mail is undeliverable, to the operator. */
export const notComposed = (error: string) => `It could not be composed: ${error}`;
