import type { Checkout } from "#contract/payments.ts";
import { checkoutRefused } from "#words/refusals.ts";
import type { Database } from "../platform/database/database.ts";
import { Refusal } from "../platform/errors.ts";
import type { PaymentKey } from "./paymentKey.ts";
import type { Outcome, PaymentProvider } from "./provider.ts";
import { amountOf, type PaymentFacts, readPaymentFacts } from "./settle.ts";

interface CheckingOut {
  database: Database;
  provider: PaymentProvider | null;
}

/**
 * What the page needs to let the student pay: the provider's order is created at the first call, and is the same at every
 * later one.
 * @throws Refusal `payment_closed`, `payment_provider_unavailable`
 */
export async function openCheckout({ database, provider }: CheckingOut, key: PaymentKey): Promise<Checkout> {
  const facts = await readPaymentFacts({ database }, key);
  if (!facts || !provider) throw new Refusal("payment_closed");
  if (provider.name !== facts.provider) throw new Refusal("payment_provider_unavailable");
  if (facts.state !== "open" || !facts.is_unpaid || (facts.booking_status ?? "pending") !== "pending") {
    throw new Refusal("payment_closed");
  }
  const orderId = facts.order_id ?? (await createOrder(database, provider, key, facts));
  return requireDone(await provider.checkout(orderId));
}

async function createOrder(
  database: Database,
  provider: PaymentProvider,
  key: PaymentKey,
  facts: PaymentFacts,
): Promise<string> {
  const order = requireDone(
    await provider.createOrder({
      paymentId: key.paymentId,
      amount: amountOf(facts),
      capture: facts.capture,
      description: `${facts.service_title} · ${facts.mentor_name}`,
      payer: { name: facts.student_name, email: facts.student_email },
    }),
  );
  const { rows } = await database.commands.query<{ is_ours: boolean }>(
    "select private.set_payment_order($1, $2, $3) as is_ours",
    [key.mentorId, key.paymentId, order.id],
  );
  // Two tabs that began at once have the same order; a provider that confuses them must not be paid.
  if (!rows[0]?.is_ours) throw new Refusal("payment_provider_unavailable");
  return order.id;
}

/** @throws Refusal `payment_provider_unavailable` */
function requireDone<T>(outcome: Outcome<T>): T {
  if (outcome.kind === "done") return outcome.value;
  const detail = outcome.kind === "refused" ? checkoutRefused(outcome.message) : undefined;
  throw new Refusal("payment_provider_unavailable", detail === undefined ? {} : { detail });
}
