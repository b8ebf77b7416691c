import { bookingLinks } from "../bookings/bookingLink.ts";
import { abortableSleep } from "../platform/abortableSleep.ts";
import type { Config } from "../platform/config.ts";
import type { Database } from "../platform/database/database.ts";
import { anyId, type LiveFeed } from "../platform/live/feed.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import type { Log } from "../platform/queue/queueLogger.ts";
import { codeSealer } from "./accountMail.ts";
import type { Composing } from "./composeMail.ts";
import { openMailSender } from "./sendMail.ts";
import { localTransport, smtpTransport } from "./transport.ts";
import { unsubscribeLinks } from "./unsubscribeLink.ts";
import { waitlistLinks } from "./waitlistLink.ts";

/** How often due mails are looked for without an announcement, ms. */
const sweepMs = 1_000;

export type MailConfig = Partial<Pick<Config, "devMail">> &
  Pick<Config, "publicUrl" | "authSecret" | "smtpUrl" | "mailFrom" | "mailPerSecond">;

/** What mails are made with, from the configuration. */
export function openComposing({ publicUrl, authSecret, mailFrom }: MailConfig): Composing {
  return {
    publicUrl,
    from: mailFrom,
    links: bookingLinks(authSecret),
    unsubscribing: unsubscribeLinks(authSecret),
    waiting: waitlistLinks(authSecret),
    codes: codeSealer(authSecret),
  };
}

/** Sends mails until stopped: by the configured mail server, or into the local mailbox. */
export function startMail(
  { database, feed }: { database: Database; feed: LiveFeed },
  config: MailConfig,
  log: Log,
  metrics?: Pick<Metrics, "jobs">,
): { stop(): Promise<void> } {
  const sender = openMailSender({
    database,
    transport: config.smtpUrl ? smtpTransport(config.smtpUrl) : localTransport(database.commands),
    composing: openComposing(config),
    perSecond: config.mailPerSecond,
    log,
    onAttempt: (outcome) => metrics?.jobs.inc({ task: "send_mail", outcome }),
  });
  if (!config.smtpUrl && !config.devMail)
    log.warn("SMTP_URL is not set: mails are kept in the database and reach no one");
  const stopping = new AbortController();
  let nudge = new AbortController();
  // Where there are news for the inbox there is mail.
  const unsubscribe = feed.subscribe("person", anyId, () => nudge.abort());

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      nudge = new AbortController();
      sender.open();
      await abortableSleep(sweepMs, AbortSignal.any([stopping.signal, nudge.signal]));
    }
  }

  const working = work();
  return {
    stop: async () => {
      unsubscribe();
      stopping.abort();
      await working;
      await sender.stop();
    },
  };
}
