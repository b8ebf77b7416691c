import { createTransport, type SendMailOptions } from "nodemailer";
import type { Queryable } from "../platform/database/database.ts";

/** Where mail goes. */
export interface MailTransport {
  /** @throws an error of nodemailer for judgeFailure() */
  send(mail: SendMailOptions & { to: { name: string; address: string } }): Promise<void>;
  /** How many mails may be on their way at once. */
  connections: number;
  close(): void;
}

const connections = 5;
// A slow server takes half a minute for a reply; one that is cut off while it accepts a mail gets a copy.
const timeouts = { connectionTimeout: 15_000, greetingTimeout: 35_000, socketTimeout: 120_000 };
/** Mails have no content from files or other hosts. */
const ownContentOnly = { disableFileAccess: true, disableUrlAccess: true };

/** Sends by the mail server of `url` (smtp: or smtps:). */
export function smtpTransport(url: string): MailTransport {
  const pool = createTransport({
    ...timeouts,
    ...ownContentOnly,
    url,
    pool: true,
    maxConnections: connections,
    // What was interrupted may have been delivered: when to try again is decided with the row.
    maxRequeues: 0,
  });
  return {
    connections,
    send: async (mail) => {
      await pool.sendMail(mail);
    },
    close: () => pool.close(),
  };
}

/** Delivers to the table behind /dev/mail. */
export function localTransport(database: Queryable): MailTransport {
  const builder = createTransport({ streamTransport: true, buffer: true, ...ownContentOnly });
  return {
    connections: 2,
    send: async (mail) => {
      const { message } = await builder.sendMail(mail);
      await database.query("select private.keep_local_mail($1, $2, $3)", [
        mail.to.address,
        mail.subject ?? "",
        message,
      ]);
    },
    close: () => builder.close(),
  };
}
