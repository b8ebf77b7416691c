import { checkDistribution, describeRefusals } from "../../server/postgres/distribute/distribute.ts";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import type { Finding } from "../proof.ts";
import { asTwin } from "../rounds.ts";

/** A key without the mentor, which no machine of a cluster could check. */
const refused = "create unique index one_seat on public.bookings (occupancy_id, user_id)";

/** What `npm run distribute -- --check` says of the schema. */
export async function checkTables(): Promise<Finding[]> {
  const db = await openTestDatabase();
  try {
    const found = await check("`distribute --check` refuses no table", db);
    await db.owner.query(refused);
    return [found, asTwin("it refuses a key without the mentor", await check("refused", db))];
  } finally {
    await db.drop();
  }
}

async function check(promise: string, { owner }: TestDatabase): Promise<Finding> {
  const { tables, refusals } = await checkDistribution(owner);
  const said = refusals.length > 0 ? ` (${describeRefusals(refusals)})` : "";
  return {
    promise,
    figure: `${tables} tables, ${new Set(refusals.map(({ table }) => table)).size} refused${said}`,
    holds: tables > 0 && refusals.length === 0,
  };
}
