import type { Config } from "../platform/config.ts";
import type { Database } from "../platform/database/database.ts";
import { openPaymentProvider, type VendorAddresses } from "./openProvider.ts";
import type { PaymentProvider } from "./provider.ts";
import { openSandbox } from "./sandbox/sandboxProvider.ts";

type PaymentConfig = Pick<Config, "payments" | "feeBasisPoints" | "authSecret" | "publicUrl">;

/** Opens the configured provider, the sandbox included; null if the app takes no payments. */
export function openConfiguredProvider(
  { payments, authSecret: secret, publicUrl }: PaymentConfig,
  database: Database,
  vendors?: VendorAddresses,
): Promise<PaymentProvider | null> {
  const openOwn = () => openSandbox({ database, secret, publicUrl });
  return openPaymentProvider(payments, { openSandbox: openOwn, vendors });
}

/** The same for an app that takes bookings: the database is told whether they are paid for, and what the platform keeps. */
export async function startPayments(config: PaymentConfig, database: Database, vendors?: VendorAddresses) {
  const provider = await openConfiguredProvider(config, database, vendors);
  const { feeBasisPoints } = config;
  await database.commands.query("select private.set_money_settings($1, $2, $3)", [
    provider !== null,
    provider?.name ?? null,
    feeBasisPoints,
  ]);
  return provider ? { provider, collecting: { feeBasisPoints } } : undefined;
}
