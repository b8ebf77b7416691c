import type { Config } from "../platform/config.ts";
import type { Database } from "../platform/database/database.ts";
import { openPaymentProvider } from "./openProvider.ts";
import type { PaymentProvider } from "./provider.ts";
import { openSandbox } from "./sandbox/sandboxProvider.ts";

type PaymentConfig = Pick<Config, "payments" | "feeBasisPoints" | "authSecret" | "publicUrl">;

/** Opens the configured provider, the sandbox included; null if the app takes no payments. */
export function openConfiguredProvider(
  { payments, authSecret: secret, publicUrl }: PaymentConfig,
  database: Database,
): Promise<PaymentProvider | null> {
  return openPaymentProvider(payments, { openSandbox: () => openSandbox({ database, secret, publicUrl }) });
}

/** The same for an app that takes bookings: the database is told whether they are paid for, and what the platform keeps. */
export async function startPayments(config: PaymentConfig, database: Database) {
  const provider = await openConfiguredProvider(config, database);
  const { feeBasisPoints } = config;
  await database.commands.query("select private.set_money_settings($1, $2, $3)", [
    provider !== null,
    provider?.name ?? null,
    feeBasisPoints,
  ]);
  return provider ? { provider, collecting: { feeBasisPoints } } : undefined;
}
