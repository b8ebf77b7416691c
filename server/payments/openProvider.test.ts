import { expect, it } from "vitest";
import { readConfig } from "../platform/config.ts";
import { razorpayKeys } from "../testing/razorpayServer.ts";
import { stripeKeys } from "../testing/stripeServer.ts";
import { openPaymentProvider } from "./openProvider.ts";
import type { Checkout, PaymentProvider, ProviderName } from "./provider.ts";
import { openRazorpay } from "./razorpay/razorpay.ts";

/** In place of the sandbox; only its name is looked at. */
const sandbox: PaymentProvider = { ...openRazorpay(razorpayKeys), name: "sandbox" };
const parts = { openSandbox: () => sandbox };

it("opens the provider that is configured", async () => {
  expect(await openPaymentProvider("off", parts)).toBeNull();
  expect(await openPaymentProvider("sandbox", parts)).toBe(sandbox);
  const razorpay = await openPaymentProvider({ provider: "razorpay", ...razorpayKeys }, parts);
  expect(razorpay).toMatchObject({ name: "razorpay", transfers: expect.anything() });
  const stripe = await openPaymentProvider({ provider: "stripe", ...stripeKeys }, parts);
  expect(stripe).toMatchObject({ name: "stripe", transfers: null });
});

it("hands the page of Razorpay's checkout the public key and nothing more", async () => {
  const provider = await openPaymentProvider({ provider: "razorpay", ...razorpayKeys }, parts);
  const checkout: Checkout = { provider: "razorpay", key_id: razorpayKeys.keyId, order_id: "order_1" };
  expect(await provider?.checkout("order_1")).toEqual({ kind: "done", value: checkout });
});

it("is configured by the names that providers have", () => {
  const env = {
    RAZORPAY_KEY_ID: "rzp_test_abc",
    RAZORPAY_KEY_SECRET: "x".repeat(16),
    RAZORPAY_WEBHOOK_SECRET: "x".repeat(16),
    STRIPE_SECRET_KEY: "sk_test_abc",
    STRIPE_PUBLISHABLE_KEY: "pk_test_abc",
    STRIPE_WEBHOOK_SECRET: "whsec_abc",
    DATABASE_URL: "postgres://u:p@db.example/matepeak",
    AUTH_SECRET: "x".repeat(32),
  };
  for (const name of ["sandbox", "razorpay", "stripe"] satisfies ProviderName[]) {
    const { payments } = readConfig({ ...env, PAYMENTS: name });
    expect(typeof payments === "string" ? payments : payments.provider).toBe(name);
  }
});
