import { setTimeout as sleep } from "node:timers/promises";
import { type AppOptions, buildApp } from "./app.ts";
import { checkAccounts } from "./auth/chooseSignIn.ts";
import { type CalendarVendorEndpoints, openConnecting } from "./calendarConnections/connectionKinds.ts";
import { demoLogins, demoPassword } from "./demo/people.ts";
import { storePlatformDetails } from "./documents/platformDetails.ts";
import { startWorker } from "./jobs/startWorker.ts";
import type { VendorAddresses } from "./payments/openProvider.ts";
import { startPayments } from "./payments/startPayments.ts";
import { storePayoutSettings } from "./payouts/payoutSettings.ts";
import { systemClock } from "./platform/clock.ts";
import { type Config, isOpenToOthers } from "./platform/config.ts";
import { type DatabaseUrls, openDatabase } from "./platform/database/database.ts";
import { listen } from "./platform/http/listen.ts";
import { loggerOptions } from "./platform/loggerOptions.ts";
import { measureProcess, openMetrics } from "./platform/metrics/metrics.ts";
import { stopOnSignal } from "./platform/stopOnSignal.ts";
import type { EmbeddedPostgres } from "./postgres/embedded.ts";
import { watchZoneRules } from "./postgres/zoneRules.ts";

export interface OpenServer extends DatabaseUrls {
  /** Whether the database holds the demo people. */
  holdsDemo: boolean;
  /** Starts an embedded database again whose process is gone. Returns how to end that. */
  keepRunning?: EmbeddedPostgres["keepRunning"];
  stop(): Promise<void>;
}

export interface ServeOptions extends Pick<AppOptions, "passwords" | "googleEndpoints"> {
  vendors?: VendorAddresses;
  calendarVendors?: CalendarVendorEndpoints;
}

/** Serves web app and API from a prepared database, with the worker, until a signal stops all of it, the database included. */
export async function serve(
  config: Config,
  server: OpenServer,
  { vendors, calendarVendors, ...options }: ServeOptions,
): Promise<void> {
  const database = openDatabase({ ...server, onIdleError: () => undefined });
  await database.checkRoles();
  await checkAccounts(database, config);
  await storePlatformDetails(database, config.platform);
  await storePayoutSettings(database, config);
  const metrics = openMetrics();
  measureProcess(metrics);
  const payments = await startPayments(config, database, vendors);
  const logger = loggerOptions(config);
  const connecting = openConnecting(config, undefined, calendarVendors);
  const app = await buildApp({ ...options, config, database, metrics, logger, payments, connecting });
  database.replica?.onChange((why) => {
    if (why === undefined) app.log.info("The replica answers visitors' reads");
    else app.log.warn(`The replica is not asked, and all is read on the primary: ${why}`);
  });
  if (config.payments === "sandbox" && isOpenToOthers(config))
    app.log.warn("PAYMENTS is the sandbox: students book paid sessions without paying real money");
  await listen(app, config);
  const worker = config.worker
    ? startWorker({ database, now: systemClock }, config, app.log, metrics, payments?.provider, connecting)
    : undefined;
  const stopZoneRules = watchZoneRules(database, app.log);
  let stopWatching: (() => Promise<void>) | undefined;
  const stopping = stopOnSignal(async (cause) => {
    stopZoneRules();
    app.stopBeingReady();
    await stopWatching?.();
    if (cause === "SIGTERM") await sleep(config.drainSeconds * 1000);
    await app.close();
    await worker?.stop();
    await database.close();
    await server.stop();
  }, app.log);
  stopWatching = server.keepRunning?.({
    log: app.log,
    giveUp: (error) => stopping.fail(error, "The embedded PostgreSQL cannot be started again: the app stops"),
  });
  announce(config, server.holdsDemo);
}

function announce({ publicUrl, demoData, devMail }: Config, holdsDemo: boolean): void {
  const lines = [`MatePeak is ready at ${publicUrl}`, `API reference at ${publicUrl}/api/docs`];
  if (devMail) lines.push(`Mails, which leave this machine only with SMTP_URL, at ${publicUrl}/dev/mail`);
  if (holdsDemo) {
    lines.push("", `Demo logins, all with the password ${demoPassword} (everyone knows it: demo only):`);
    for (const { email, role } of demoLogins) lines.push(`  ${email.padEnd(20)} ${role}`);
  } else if (demoData) {
    lines.push(
      "",
      "DEMO_DATA=on has no effect on this database: it holds other people, or the demo was removed from it.",
    );
  }
  process.stdout.write(`\n${lines.join("\n")}\n\n`);
}
