import type { Config } from "../config.ts";
import type { Database } from "../database.ts";

export const demoLogins: readonly { role: string; email: string; password: string }[] = [];

export async function plantDemoData(
  _database: Database,
  _config: Pick<Config, "authSecret" | "publicUrl">,
  _options: { wanted: boolean },
): Promise<boolean> {
  return false;
}
