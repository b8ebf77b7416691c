import type { Database } from "../platform/database/database.ts";

/** A mail in the local mailbox. */
export interface LocalMail {
  id: string;
  address: string;
  subject: string;
  created_at: Date;
}

export interface LocalMailWithSource extends LocalMail {
  /** RFC 5322. */
  source: Buffer;
}

const reason = "the local mailbox belongs to no account";
const most = 200;

/** Returns the newest mails first. @param address only mails to it */
export async function listLocalMail(database: Database, address?: string): Promise<LocalMailWithSource[]> {
  return database.asSystem(reason, null, async ({ client }) => {
    const { rows } = await client.query<LocalMailWithSource>(
      `select id, address, subject, created_at, source from private.local_mail
       where $1::text is null or address = $1 order by created_at desc, id desc limit $2`,
      [address ?? null, most],
    );
    return rows;
  });
}

export async function findLocalMail(
  database: Database,
  id: string,
): Promise<LocalMailWithSource | undefined> {
  return database.asSystem(reason, null, async ({ client }) => {
    const { rows } = await client.query<LocalMailWithSource>(
      "select id, address, subject, created_at, source from private.local_mail where id = $1",
      [id],
    );
    return rows[0];
  });
}

/** What a mail program makes of a mail. */
export async function parseMail(source: Buffer) {
  // Only developers look at mails here: the app does not load the parser when it starts.
  const { simpleParser } = await import("mailparser");
  const mail = await simpleParser(source, { skipImageLinks: true, skipTextToHtml: true });
  return {
    text: mail.text ?? "",
    html: mail.html || "",
    headers: mail.headerLines.map(({ line }) => line),
    parts: mail.attachments.map(({ contentType, filename, content, headers }) => ({
      type: contentType,
      name: filename ?? "",
      bytes: content.length,
      /** With its parameters, such as the method of an invitation. */
      header: contentTypeOf(headers.get("content-type")),
      text: /^(text|application\/ics)/.test(contentType) ? content.toString("utf8") : "",
    })),
  };
}

function contentTypeOf(header: unknown): string {
  if (typeof header === "string") return header;
  const { value = "", params = {} } = (header ?? {}) as { value?: string; params?: Record<string, string> };
  return [value, ...Object.entries(params).map(([name, text]) => `${name}=${text}`)].join("; ");
}
