/**
 * What Razorpay and Stripe serve to browsers, at their own addresses, with the interface that their documentation describes. The
 * payer's choices reach the vendor's server of the tests, so that the app's server learns of them in its own way.
 */
import type { BrowserContext, Route } from "@playwright/test";

/** A server of the tests, as far as payers reach it. */
interface Vendor {
  pay(orderId: string, how?: { state?: "created" | "authorized" | "failed" }): string;
}

const cors = { "access-control-allow-origin": "*" };
const html = (route: Route, body: string) =>
  route.fulfill({
    contentType: "text/html",
    body: `<!doctype html><html lang="en"><title>Vendor</title>${body}`,
  });
const script = (route: Route, body: () => void) =>
  route.fulfill({ contentType: "text/javascript", body: `(${body})()` });

/** The parts of the documented interfaces that the app uses. */
declare global {
  interface Window {
    /** What the page has given to the vendor's script. */
    given?: Record<string, unknown>;
  }
}

/**
 * Razorpay's checkout.js: a frame over the page. A payment that fails can be repeated in it; closing it is reported unless the
 * payment succeeded. https://razorpay.com/docs/payments/payment-gateway/web-integration/standard/
 */
export async function serveRazorpay(context: BrowserContext, vendor: Vendor): Promise<void> {
  await context.route("https://checkout.razorpay.com/v1/checkout.js", (route) =>
    script(route, () => {
      interface Options {
        key?: string;
        order_id?: string;
        timeout?: number;
        handler: (response: object) => void;
        modal?: { ondismiss?: (reason?: string) => void };
      }
      class Razorpay {
        readonly #options: Options;
        readonly #listeners: { event: string; listener: (response: object) => void }[] = [];
        #end = (): void => undefined;
        constructor(options: Options) {
          if (!options.key || !options.order_id) throw new Error("key and order_id are required");
          this.#options = options;
          window.given = JSON.parse(JSON.stringify(options));
        }
        on(event: string, listener: (response: object) => void) {
          this.#listeners.push({ event, listener });
        }
        open() {
          const { order_id, handler, modal, timeout } = this.#options;
          const frame = document.createElement("iframe");
          frame.src = `https://api.razorpay.com/v1/checkout/public?order_id=${order_id}`;
          frame.title = "Razorpay Checkout";
          frame.style.cssText = "position:fixed;inset:0;width:100%;height:100%;border:0;z-index:999";
          document.body.append(frame);
          const listen = ({ origin, data }: MessageEvent) => {
            if (origin !== "https://api.razorpay.com") return;
            if (data.event === "failed") {
              for (const { event, listener } of this.#listeners)
                if (event === "payment.failed") listener({ error: data.error });
              return;
            }
            this.#end();
            if (data.event === "paid") handler(data.response);
            else modal?.ondismiss?.();
          };
          const timer = timeout
            ? setTimeout(() => {
                this.#end();
                modal?.ondismiss?.("timeout");
              }, timeout * 1000)
            : undefined;
          this.#end = () => {
            clearTimeout(timer);
            frame.remove();
            window.removeEventListener("message", listen);
          };
          window.addEventListener("message", listen);
          // It reports about itself, as the real one does.
          void fetch("https://lumberjack.razorpay.com/v1/track", { method: "POST" });
        }
        close() {
          this.#end();
        }
      }
      Object.assign(window, { Razorpay });
    }),
  );
  await context.route("https://lumberjack.razorpay.com/**", (route) => route.fulfill({ headers: cors }));
  await context.route("https://api.razorpay.com/v1/checkout/public?*", (route) =>
    html(
      route,
      `<h1>Razorpay</h1>
      <p role="alert"></p>
      <button id="pay">Pay now</button> <button id="fail">Decline</button> <button id="wait">Answer later</button>
      <button id="close">Close</button>
      <script>
        const order = new URLSearchParams(location.search).get("order_id");
        const say = (message) => parent.postMessage(message, "*");
        const tell = async (state) => (await fetch("/stand-in/" + state + "/" + order, { method: "POST" })).text();
        document.querySelector("#pay").onclick = async () => {
          const razorpay_payment_id = await tell("paid");
          say({ event: "paid", response: { razorpay_payment_id, razorpay_order_id: order, razorpay_signature: "0" } });
        };
        document.querySelector("#fail").onclick = async () => {
          await tell("failed");
          document.querySelector("[role=alert]").textContent = "Your payment could not be completed.";
          say({ event: "failed", error: { code: "BAD_REQUEST_ERROR", description: "Declined", reason: "payment_declined" } });
        };
        document.querySelector("#wait").onclick = async () => {
          await tell("created");
          say({ event: "closed" });
        };
        document.querySelector("#close").onclick = () => say({ event: "closed" });
      </script>`,
    ),
  );
  await context.route("https://api.razorpay.com/stand-in/**", (route) =>
    route.fulfill({ body: act(vendor, route) }),
  );
}

/**
 * Stripe.js with the Payment Element: a frame in the page, and a page of the bank for 3-D Secure.
 * https://docs.stripe.com/js
 */
export async function serveStripe(context: BrowserContext, vendor: Vendor): Promise<void> {
  await context.route("https://js.stripe.com/*/stripe.js", (route) =>
    script(route, () => {
      let card = "";
      window.addEventListener("message", ({ origin, data }) => {
        if (origin === "https://js.stripe.com") card = data.card;
      });
      const tell = (state: string, intent: string) =>
        fetch(`https://api.stripe.com/stand-in/${state}/${intent}`, { method: "POST" });
      const failed = (type: string, message: string) => ({ error: { type, message } });
      Object.assign(window, {
        Stripe: (key: string) => {
          if (!key.startsWith("pk_")) throw new Error("not a publishable key");
          return {
            elements: ({ clientSecret, ...options }: { clientSecret: string }) => {
              window.given = JSON.parse(JSON.stringify({ key, clientSecret, ...options }));
              return {
                clientSecret,
                create: (type: string) => {
                  if (type !== "payment") throw new Error(`no such element: ${type}`);
                  const frame = document.createElement("iframe");
                  frame.src = "https://js.stripe.com/v3/elements-inner-payment.html";
                  frame.title = "Secure payment input frame";
                  frame.style.cssText = "width:100%;height:90px;border:0";
                  const listeners: Record<string, () => void> = {};
                  frame.onload = () => listeners.ready?.();
                  return {
                    on: (event: string, listener: () => void) => {
                      listeners[event] = listener;
                    },
                    mount: (element: HTMLElement) => element.append(frame),
                    unmount: () => frame.remove(),
                  };
                },
              };
            },
            confirmPayment: async (options: {
              elements: { clientSecret: string };
              confirmParams: { return_url: string };
              redirect: string;
            }) => {
              const { clientSecret } = options.elements;
              const intent = clientSecret.split("_secret")[0] ?? "";
              // Validated by the Element: nothing is tried.
              if (!card) return failed("validation_error", "Your card number is incomplete.");
              if (card === "declined") {
                await tell("failed", intent);
                return failed("card_error", "Your card was declined.");
              }
              if (card === "secure") {
                const back = new URL(options.confirmParams.return_url);
                back.searchParams.set("payment_intent", intent);
                back.searchParams.set("payment_intent_client_secret", clientSecret);
                location.assign(
                  `https://hooks.stripe.com/3d_secure/${intent}?return_url=${encodeURIComponent(back.href)}`,
                );
                return new Promise(() => undefined);
              }
              await tell("paid", intent);
              return { paymentIntent: { id: intent, status: "succeeded" } };
            },
          };
        },
      });
    }),
  );
  await context.route("https://js.stripe.com/v3/elements-inner-payment.html", (route) =>
    html(
      route,
      `<label>Card <select>
        <option value="">Not complete</option><option value="good">4242 4242 4242 4242</option>
        <option value="declined">4000 0000 0000 0002</option><option value="secure">4000 0027 6000 3184</option>
      </select></label>
      <script>document.querySelector("select").onchange = ({ target }) => parent.postMessage({ card: target.value }, "*");</script>`,
    ),
  );
  await context.route("https://api.stripe.com/stand-in/**", (route) =>
    route.fulfill({ body: act(vendor, route), headers: cors }),
  );
  await context.route("https://hooks.stripe.com/3d_secure/**", (route) =>
    html(
      route,
      `<h1>Your bank</h1><button id="paid">Complete</button> <button id="failed">Fail</button>
      <script>
        const back = new URL(new URLSearchParams(location.search).get("return_url"));
        const intent = back.searchParams.get("payment_intent");
        for (const button of document.querySelectorAll("button")) button.onclick = async () => {
          await fetch("https://api.stripe.com/stand-in/" + button.id + "/" + intent, { method: "POST" });
          back.searchParams.set("redirect_status", button.id === "paid" ? "succeeded" : "failed");
          location.assign(back.href);
        };
      </script>`,
    ),
  );
}

/** `/stand-in/<what the payer does>/<order>`. Returns the attempt's id. */
function act(vendor: Vendor, route: Route): string {
  const [, , done = "", orderId = ""] = new URL(route.request().url()).pathname.split("/");
  return vendor.pay(orderId, done === "failed" || done === "created" ? { state: done } : {});
}
