import type { FastifyReply } from "fastify";
import { z } from "zod";
import { sandboxProblems } from "#words/sandbox.ts";
import { Refusal } from "../../platform/errors.ts";
import { anyone } from "../../platform/http/authority.ts";
import type { TypedApp } from "../../platform/http/route.ts";
import { limitTo } from "../../platform/limits/limits.ts";
import type { PaymentProvider } from "../provider.ts";
import { checkoutPage, checkoutPolicy, noOrderPage } from "./checkoutPage.ts";
import { payerForm, takePayerAction } from "./payerActions.ts";
import { returnPathOf } from "./returnPath.ts";
import { isSandbox } from "./sandboxProvider.ts";

const params = z.object({ order: z.string() });
const hidden = { hide: true } as const;
const formLimit = 8 * 1024;

/**
 * The checkout page of the sandbox. The order's unguessable id is all that is needed to pay it, as with a payment link, so
 * another site cannot make a visitor pay. With another provider the page does not exist.
 */
export async function sandboxRoutes(
  app: TypedApp,
  { provider }: { provider: PaymentProvider | null },
): Promise<void> {
  if (!isSandbox(provider)) {
    // Declared here, or the web app would serve it as one of its pages.
    app.get("/sandbox-checkout/*", { schema: hidden }, (_request, reply) => reply.callNotFound());
    return;
  }
  const { payer } = provider;
  const onRequest = limitTo(app, "sandbox-checkout");
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string", bodyLimit: formLimit },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );

  app.get("/sandbox-checkout/:order", {
    schema: { ...hidden, params, querystring: z.object({ return: z.string().optional().catch(undefined) }) },
    onRequest,
    preHandler: anyone,
    handler: async (request, reply) => {
      const order = await payer.find(request.params.order);
      if (!order) return sendPage(reply.status(404), noOrderPage());
      return sendPage(reply, checkoutPage({ order, returnPath: returnPathOf(request.query.return) }));
    },
  });

  app.post("/sandbox-checkout/:order/actions", {
    schema: { ...hidden, params, body: payerForm },
    onRequest,
    preHandler: anyone,
    handler: async (request, reply) => {
      const orderId = request.params.order;
      const returnPath = returnPathOf(request.body.return);
      const outcome = await takePayerAction(payer, orderId, request.body);
      if (outcome.kind === "done") return reply.redirect(returnPath, 303);
      const order = await payer.find(orderId);
      if (!order) throw new Refusal("not_found");
      const code = outcome.kind === "refused" ? outcome.code : "other";
      const problem = sandboxProblems[isProblem(code) ? code : "other"];
      return sendPage(reply.status(409), checkoutPage({ order, returnPath, problem }));
    },
  });
}

function isProblem(code: string): code is keyof typeof sandboxProblems {
  return Object.hasOwn(sandboxProblems, code);
}

function sendPage(reply: FastifyReply, html: string) {
  return (
    reply
      .header("cache-control", "no-store")
      .header("content-security-policy", checkoutPolicy)
      // Without it browsers send the form with the origin "null"; the address is not shown to other sites.
      .header("referrer-policy", "same-origin")
      .type("text/html; charset=utf-8")
      .send(html)
  );
}
