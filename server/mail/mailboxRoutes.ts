import { z } from "zod";
import { email, uuid } from "#contract/primitives.ts";
import type { Database } from "../platform/database/database.ts";
import { Refusal } from "../platform/errors.ts";
import { anyone } from "../platform/http/authority.ts";
import type { TypedApp } from "../platform/http/route.ts";
import { findLocalMail, listLocalMail, parseMail } from "./localMailbox.ts";
import { mailboxPage, mailPage } from "./mailboxPages.ts";

const one = z.object({ id: uuid });
const hidden = { hide: true } as const;

/**
 * The local mailbox at /dev/mail. It shows every mail, codes included, to every caller: for the machine of a developer.
 * Without `enabled` the pages do not exist.
 */
export async function mailboxRoutes(
  app: TypedApp,
  { database, enabled }: { database: Database; enabled: boolean },
): Promise<void> {
  if (!enabled) {
    // Declared here, or the web app would serve it as one of its pages.
    for (const url of ["/dev/mail", "/dev/mail.json", "/dev/mail/*"])
      app.get(url, { schema: hidden }, (_request, reply) => reply.callNotFound());
    return;
  }
  const find = async (id: string) => {
    const mail = await findLocalMail(database, id);
    if (!mail) throw new Refusal("not_found");
    return mail;
  };

  app.get("/dev/mail", {
    schema: hidden,
    preHandler: anyone,
    handler: async (_request, reply) => {
      reply.header("cache-control", "no-store").type("text/html; charset=utf-8");
      return mailboxPage(await listLocalMail(database));
    },
  });

  // For tests and scripts.
  app.get("/dev/mail.json", {
    schema: { ...hidden, querystring: z.object({ to: email.optional() }) },
    preHandler: anyone,
    handler: async (request, reply) => {
      const mails = await listLocalMail(database, request.query.to);
      const parsed = mails.map(async ({ source, ...mail }) => ({ ...mail, ...(await parseMail(source)) }));
      reply.header("cache-control", "no-store").type("application/json");
      return JSON.stringify({ data: await Promise.all(parsed) });
    },
  });

  app.get("/dev/mail/:id", {
    schema: { ...hidden, params: one },
    preHandler: anyone,
    handler: async (request, reply) => {
      const mail = await find(request.params.id);
      reply.header("cache-control", "no-store").type("text/html; charset=utf-8");
      return mailPage(mail, await parseMail(mail.source));
    },
  });

  app.get("/dev/mail/:id/html", {
    schema: { ...hidden, params: one },
    preHandler: anyone,
    handler: async (request, reply) => {
      const { html } = await parseMail((await find(request.params.id)).source);
      reply.header("cache-control", "no-store").type("text/html; charset=utf-8");
      // As restricted as in a mail program; its links open in the whole window.
      reply.header(
        "content-security-policy",
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation allow-popups allow-popups-to-escape-sandbox",
      );
      return html.replace("<head>", '<head><base target="_top">');
    },
  });

  app.get("/dev/mail/:id/source", {
    schema: { ...hidden, params: one },
    preHandler: anyone,
    handler: async (request, reply) => {
      const { source } = await find(request.params.id);
      return reply.header("cache-control", "no-store").type("text/plain; charset=utf-8").send(source);
    },
  });
}
