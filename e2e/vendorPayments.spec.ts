import { fileURLToPath } from "node:url";
import { type BrowserContext, devices, type Page } from "@playwright/test";
import type { Booking } from "#contract/bookings.ts";
import type { Payment } from "#contract/payments.ts";
import { type EmbeddedApp, startEmbeddedApp } from "../server/testing/embeddedApp.ts";
import { razorpayKeys, startRazorpayServer } from "../server/testing/razorpayServer.ts";
import { startStripeServer, stripeKeys } from "../server/testing/stripeServer.ts";
import { confirmAddress, letHoldEnd } from "./past.ts";
import { book, dateAhead, freeTimes, makeMentor, Person } from "./people.ts";
import { expect, test } from "./test.ts";
import { serveRazorpay, serveStripe } from "./vendorCheckouts.ts";

const vendorApp = fileURLToPath(new URL("vendorApp.ts", import.meta.url));
// Each worker would start both apps.
test.describe.configure({ mode: "default" });

interface Delivery {
  body: Buffer;
  headers: Record<string, string>;
}

/** A student who is signed in in this browser and holds a time, of which the payment is to come. */
async function holdTime(app: EmbeddedApp, context: BrowserContext, { isInstant = true } = {}) {
  const mentor = await makeMentor("Asha Rao", app.address, { settings: { instant_confirm: isInstant } });
  const student = await Person.signUp("Ravi Shah", app.address, "unconfirmed");
  await confirmAddress(student.id, app.dataDir);
  await context.addCookies([...student.cookies]);
  const date = dateAhead(3);
  const [time = ""] = await freeTimes(mentor, date);
  const { id } = await book(student, mentor, { scheduled_date: date, scheduled_time: time });
  return {
    id,
    mentor,
    page: `${app.address}/bookings/${id}/pay`,
    read: () => student.send<Booking>("GET", `/bookings/${id}`),
    readPayment: () => student.send<Payment>("GET", `/bookings/${id}/payment`),
  };
}

/** As the vendor does: sends what it has to report since `first`. */
async function deliver(app: EmbeddedApp, vendor: string, deliveries: Delivery[], first: number) {
  for (const { body, headers } of deliveries.slice(first)) {
    const answer = await fetch(`${app.address}/api/v1/webhooks/${vendor}`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: new Uint8Array(body),
    });
    expect(answer.status).toBe(200);
  }
}

/** Whether the browser lets a script from an address into this document. */
function admits(page: Page, address: string): Promise<boolean> {
  return page.evaluate(
    (src) =>
      new Promise<boolean>((resolve) => {
        const script = document.createElement("script");
        script.onload = () => resolve(true);
        script.onerror = () => resolve(false);
        script.src = src;
        document.head.append(script);
      }),
    address,
  );
}

/** The scripts of others that have run in a document. */
const foreignScripts = (page: Page) =>
  page.evaluate(() =>
    Array.from(document.scripts, ({ src }) => src).filter((src) => src && !src.startsWith(location.origin)),
  );

const booked = (page: Page) => page.getByRole("heading", { level: 1, name: "You’re booked" });

test.describe("Razorpay", { tag: "@long" }, () => {
  const script = "https://checkout.razorpay.com/v1/checkout.js";
  let app: EmbeddedApp;
  let razorpay: Awaited<ReturnType<typeof startRazorpayServer>>;
  test.beforeAll(async () => {
    razorpay = await startRazorpayServer();
    const env = {
      PAYMENTS: "razorpay",
      RAZORPAY_KEY_ID: razorpayKeys.keyId,
      RAZORPAY_KEY_SECRET: razorpayKeys.keySecret,
      RAZORPAY_WEBHOOK_SECRET: razorpayKeys.webhookSecret,
      VENDOR_PORT: String(razorpay.port),
    };
    app = await startEmbeddedApp(env, vendorApp);
  });
  test.afterAll(async () => {
    await app.remove();
    await razorpay.close();
  });
  test.beforeEach(({ context }) => serveRazorpay(context, razorpay));
  const form = (page: Page) => page.frameLocator("iframe[title='Razorpay Checkout']");
  const pay = (page: Page) => page.getByRole("button", { name: /^(Pay ₹2,000|Try again)$/ });

  test("its form: dismissed, declined and repeated, paid; and what it was given", async ({
    page,
    context,
    look,
  }) => {
    const held = await holdTime(app, context);
    // Reached inside the app, the page loads a document of its own.
    await page.goto(`${app.address}/sessions`);
    await page.getByRole("link", { name: "Pay ₹2,000" }).click();
    await expect(page.getByText("Razorpay")).toBeVisible();
    await look("razorpay-pay");
    expect(await foreignScripts(page)).toEqual([]);
    await pay(page).click();
    await expect(form(page).getByRole("heading", { name: "Razorpay" })).toBeVisible();
    expect(await page.evaluate(() => window.given)).toMatchObject({
      key: razorpayKeys.keyId,
      order_id: razorpay.orders().at(-1)?.id,
      description: "1:1 Session",
      prefill: { name: "Ravi Shah" },
      modal: { confirm_close: true },
      config: { display: { blocks: { upi: { instruments: [{ method: "upi", flows: ["qr"] }] } } } },
    });
    // Its form ends with the hold, so that no late payment comes of it.
    const { timeout } = (await page.evaluate(() => window.given)) as { timeout: number };
    expect(timeout).toBeGreaterThan(660);
    expect(timeout).toBeLessThanOrEqual(720);
    await form(page).getByRole("button", { name: "Close" }).click();
    await expect(pay(page)).toBeEnabled();
    await expect(page.getByRole("alert")).toHaveCount(0);

    await pay(page).click();
    await form(page).getByRole("button", { name: "Decline" }).click();
    await expect(form(page).getByRole("alert")).toHaveText("Your payment could not be completed.");
    await form(page).getByRole("button", { name: "Close" }).click();
    await expect(page.getByRole("alert")).toContainText("Payment was declined by the bank");
    await expect(page.getByRole("alert")).toHaveCount(1);
    expect((await held.read()).status).toBe("pending");

    await pay(page).click();
    await form(page).getByRole("button", { name: "Decline" }).click();
    await form(page).getByRole("button", { name: "Pay now" }).click();
    await expect(booked(page)).toBeVisible();
    await expect(page.getByText("₹2,000 paid by UPI.")).toBeVisible();
    expect(await held.read()).toMatchObject({ status: "confirmed", payment_status: "completed" });
    // The vendor's script does not live on behind the next page.
    await expect.poll(() => page.evaluate(() => "Razorpay" in window)).toBe(false);
    expect(await foreignScripts(page)).toEqual([]);
  });

  test("its script gets into the document of a payment only, and no other script does", async ({
    context,
  }) => {
    const held = await holdTime(app, context);
    await context.route("https://elsewhere.example/**", (route) =>
      route.fulfill({ contentType: "text/javascript", body: "" }),
    );
    // Pages of their own: what the policy refuses is written to the console.
    const other = await context.newPage();
    await other.goto(held.page);
    expect(await admits(other, script)).toBe(true);
    expect(await admits(other, "https://elsewhere.example/v1/checkout.js")).toBe(false);
    expect(await admits(other, "https://js.stripe.com/clover/stripe.js")).toBe(false);
    for (const path of ["/", "/sessions", `/sessions/${held.id}`, "/payments"]) {
      await other.goto(app.address + path);
      expect(await admits(other, script)).toBe(false);
    }
  });

  test("a script that a blocker stops is said, and can be tried again", async ({ page, context, look }) => {
    const held = await holdTime(app, context);
    await page.route(script, (route) => route.abort());
    await page.goto(held.page);
    await pay(page).click();
    await expect(page.getByRole("alert")).toContainText("switch off a blocker");
    await look("razorpay-blocked");
    await page.unroute(script);
    await pay(page).click();
    await form(page).getByRole("button", { name: "Pay now" }).click();
    await expect(booked(page)).toBeVisible();
  });

  test("a hold that ends while the form is open: the form closes, and the page says so", async ({
    page,
    context,
  }) => {
    const held = await holdTime(app, context);
    await page.goto(held.page);
    await pay(page).click();
    await expect(form(page).getByRole("heading", { name: "Razorpay" })).toBeVisible();
    await letHoldEnd(app.dataDir, held.id, held.mentor.person.id);
    await expect(page.getByRole("heading", { level: 1, name: "The time was released" })).toBeVisible({
      timeout: 15_000,
    });
    await expect(page.locator("iframe")).toHaveCount(0);
  });

  test("a bank that answers later, and a tab that is closed: the webhook books the session", async ({
    page,
    context,
  }) => {
    const held = await holdTime(app, context);
    await page.goto(held.page);
    await pay(page).click();
    const first = razorpay.deliveries.length;
    await form(page).getByRole("button", { name: "Answer later" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Checking your payment…" })).toBeVisible();
    await page.goto("about:blank");
    razorpay.pay(razorpay.orders().at(-1)?.id ?? "");
    await deliver(app, "razorpay", razorpay.deliveries, first);
    await expect.poll(async () => (await held.read()).status).toBe("confirmed");
    const again = await context.newPage();
    await again.goto(held.page);
    await expect(booked(again)).toBeVisible();
  });

  test("on a phone, UPI opens an app; a request is reserved", async ({ browser }) => {
    const context = await browser.newContext({ ...devices["Pixel 7"], reducedMotion: "reduce" });
    await serveRazorpay(context, razorpay);
    const held = await holdTime(app, context, { isInstant: false });
    const page = await context.newPage();
    await page.goto(held.page);
    await page.getByRole("button", { name: "Reserve ₹2,000" }).click();
    await expect(form(page).getByRole("heading", { name: "Razorpay" })).toBeVisible();
    expect(await page.evaluate(() => window.given)).toMatchObject({
      config: { display: { blocks: { upi: { instruments: [{ method: "upi", flows: ["intent"] }] } } } },
    });
    await form(page).getByRole("button", { name: "Pay now" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Your request is in" })).toBeVisible();
    expect((await held.readPayment()).state).toBe("authorized");
    await context.close();
  });
});

test.describe("Stripe", { tag: "@long" }, () => {
  let app: EmbeddedApp;
  let stripe: Awaited<ReturnType<typeof startStripeServer>>;
  test.beforeAll(async () => {
    stripe = await startStripeServer();
    const env = {
      PAYMENTS: "stripe",
      STRIPE_SECRET_KEY: stripeKeys.secretKey,
      STRIPE_PUBLISHABLE_KEY: stripeKeys.publishableKey,
      STRIPE_WEBHOOK_SECRET: stripeKeys.webhookSecret,
      VENDOR_PORT: String(stripe.port),
    };
    app = await startEmbeddedApp(env, vendorApp);
  });
  test.afterAll(async () => {
    await app.remove();
    await stripe.close();
  });
  test.beforeEach(({ context }) => serveStripe(context, stripe));
  const card = (page: Page) =>
    page.frameLocator("iframe[title='Secure payment input frame']").getByLabel("Card");
  const pay = (page: Page) => page.getByRole("button", { name: "Pay ₹2,000" });
  const tryAgain = (page: Page) => page.getByRole("button", { name: "Try again" });

  test("its form: an incomplete card, a declined one, a good one", async ({ page, context, look }) => {
    const held = await holdTime(app, context);
    await page.goto(held.page);
    await pay(page).click();
    await expect(card(page)).toBeVisible();
    await look("stripe-form");
    await expect(pay(page)).toBeEnabled();
    expect(await page.evaluate(() => window.given)).toMatchObject({
      key: stripeKeys.publishableKey,
      clientSecret: expect.stringContaining("_secret_"),
    });
    await pay(page).click();
    await expect(page.getByRole("alert")).toHaveText("Your card number is incomplete.");
    await card(page).selectOption("declined");
    await pay(page).click();
    await expect(page.getByRole("alert")).toContainText("Your card was declined.");
    await expect(page.getByRole("alert")).toContainText("Nothing was charged");
    await expect(page.getByRole("alert")).toHaveCount(1);
    await page.setViewportSize({ width: 360, height: 740 });
    await look("stripe-declined-narrow");
    await card(page).selectOption("good");
    await pay(page).click();
    await expect(booked(page)).toBeVisible();
    await expect(page.getByText("₹2,000 paid by card.")).toBeVisible();
    expect(await held.read()).toMatchObject({ status: "confirmed", payment_status: "completed" });
    await expect.poll(() => page.evaluate(() => "Stripe" in window)).toBe(false);
  });

  test("3-D Secure on the bank's page: failed, then completed, and no secret stays in the address", async ({
    page,
    context,
  }) => {
    const held = await holdTime(app, context);
    await page.goto(held.page);
    await pay(page).click();
    await card(page).selectOption("secure");
    await pay(page).click();
    await page.getByRole("button", { name: "Fail" }).click();
    await expect(page.getByRole("alert")).toContainText("Your card was declined.");
    await expect(page).toHaveURL(held.page);
    await tryAgain(page).click();
    await card(page).selectOption("secure");
    await pay(page).click();
    await page.getByRole("button", { name: "Complete" }).click();
    await expect(booked(page)).toBeVisible();
    expect((await held.readPayment()).state).toBe("captured");
  });

  test("a tab that is closed at the bank: the webhook books the session", async ({ page, context }) => {
    const held = await holdTime(app, context);
    await page.goto(held.page);
    await pay(page).click();
    await card(page).selectOption("secure");
    await pay(page).click();
    await expect(page.getByRole("heading", { name: "Your bank" })).toBeVisible();
    const first = stripe.deliveries.length;
    stripe.pay(stripe.orders().at(-1)?.id ?? "");
    await page.close();
    await deliver(app, "stripe", stripe.deliveries, first);
    await expect.poll(async () => (await held.read()).status).toBe("confirmed");
    const again = await context.newPage();
    await again.goto(held.page);
    await expect(booked(again)).toBeVisible();
  });

  test("in the dark its form is dark", async ({ page, context }) => {
    const held = await holdTime(app, context);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.goto(held.page);
    await pay(page).click();
    await expect(card(page)).toBeVisible();
    expect(await page.evaluate(() => window.given)).toMatchObject({ appearance: { theme: "night" } });
  });
});
