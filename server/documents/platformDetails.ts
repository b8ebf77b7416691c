import type { PlatformConfig } from "../platform/config.ts";
import type { Database } from "../platform/database/database.ts";

/** Stores who runs the platform, for the documents that are issued from now on. Those that were issued do not change. */
export async function storePlatformDetails(
  { commands }: Database,
  { legalName, address, stateCode, gstin, sac, taxBasisPoints }: PlatformConfig,
): Promise<void> {
  const details = [legalName, address, stateCode, gstin, sac, taxBasisPoints];
  await commands.query("select private.set_platform_details($1, $2, $3, $4, $5, $6)", details);
}
