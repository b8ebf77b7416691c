import { z } from "zod";
import { unsubscribed } from "#contract/notificationSettings.ts";
import { textLimits } from "#rules/limits.ts";
import { type UnsubscribeLinks, unsubscribeLinks } from "../mail/unsubscribeLink.ts";
import type { Database } from "../platform/database/database.ts";
import { Refusal } from "../platform/errors.ts";
import { anyone } from "../platform/http/authority.ts";
import { problemResponses, type TypedApp } from "../platform/http/route.ts";
import { limitTo } from "../platform/limits/limits.ts";
import { muteMails } from "./settings.ts";

const params = z.object({ token: z.string().max(textLimits.loginToken) });

/**
 * One click in a mail program ends the mails of a topic (RFC 8058): a POST without a cookie, which may arrive twice. A GET,
 * which scanners of links also send, only shows a page with a button.
 */
export async function unsubscribeRoutes(
  app: TypedApp,
  { database, secret }: { database: Database; secret: string },
): Promise<void> {
  const links: UnsubscribeLinks = unsubscribeLinks(secret);
  // Mail programs send "List-Unsubscribe=One-Click" as a form, which says nothing that the address doesn't.
  app.addContentTypeParser(
    ["application/x-www-form-urlencoded", "multipart/form-data"],
    { parseAs: "buffer", bodyLimit: 1024 },
    (_request, _body, done) => done(null, undefined),
  );
  app.post("/unsubscribe/:token", {
    schema: { hide: true, params, response: { 200: unsubscribed, ...problemResponses(404, 429) } },
    onRequest: limitTo(app, "unsubscribe"),
    preHandler: anyone,
    handler: async (request) => {
      const claims = links.verify(request.params.token);
      if (!claims) throw new Refusal("not_found");
      const { userId, topic } = claims;
      await database.asSystem("the link is the person's own", null, (tx) => muteMails(tx, userId, topic));
      return { topic };
    },
  });
}
