/** Addresses of waitlists, apart from those that every visitor loads (paths.ts). */
import { paths } from "./paths.ts";

export const waitlistPaths = {
  /** What a person waits for, at one offer if it is given. Mails have the same address (server/mail/composeMail.ts). */
  waiting: (offerId?: string) =>
    offerId ? `${paths.sessions()}?waiting=${encodeURIComponent(offerId)}` : `${paths.sessions()}#waiting`,
} as const;
