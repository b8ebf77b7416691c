import { openMailSender, type Sending } from "../mail/sendMail.ts";
import { openComposing } from "../mail/startMail.ts";
import { smtpTransport } from "../mail/transport.ts";
import type { TestSmtpServer } from "./smtpServer.ts";
import { testMailConfig } from "./testApp.ts";
import type { TestDatabase } from "./testDatabase.ts";

const ignore = () => undefined;
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** A sender as one process has it, for a real mail server. */
export function openTestSender(
  { database }: TestDatabase,
  { url }: TestSmtpServer,
  options: Partial<Sending> = {},
) {
  return openMailSender({
    database,
    transport: smtpTransport(url),
    composing: openComposing(testMailConfig),
    perSecond: testMailConfig.mailPerSecond,
    log: silent,
    ...options,
  });
}

/** Sends what is due by a sender of its own. */
export async function sendMails(db: TestDatabase, smtp: TestSmtpServer): Promise<number> {
  const sender = openTestSender(db, smtp);
  try {
    return await sender.drain();
  } finally {
    await sender.stop();
  }
}
