import { GenericExpressionNode, generate, IdentifierNode, PostgresDialect } from "kysely-codegen";

const inMinutes = new IdentifierNode("Minutes");
const inMinutesByDefault = new GenericExpressionNode("Generated", [inMinutes]);

/** The columns that hold minutes: the database's own type is a plain integer. */
const minuteColumns = {
  "availability_alerts.duration": inMinutes,
  "bookings.cancel_cutoff": inMinutesByDefault,
  "bookings.duration": inMinutes,
  "bookings.refund_full_cutoff": inMinutesByDefault,
  "bookings.refund_partial_cutoff": inMinutesByDefault,
  "bookings.reschedule_cutoff": inMinutesByDefault,
  "expert_profiles.buffer_after": inMinutesByDefault,
  "expert_profiles.buffer_before": inMinutesByDefault,
  "expert_profiles.minimum_notice": inMinutesByDefault,
  "expert_profiles.slot_interval": inMinutesByDefault,
  "service_durations.minutes": inMinutes,
  "services.cancel_cutoff": inMinutesByDefault,
  "services.decide_minutes": inMinutesByDefault,
  "services.late_join_minutes": inMinutesByDefault,
  "services.refund_full_cutoff": inMinutesByDefault,
  "services.refund_partial_cutoff": inMinutesByDefault,
  "services.reschedule_cutoff": inMinutesByDefault,
  "time_requests.duration": inMinutes,
  "waitlist_entries.duration": inMinutes,
};

/** The row types of the schema as TypeScript, for `types.gen.ts`. The accounts library and the queue have their own. */
export async function describeTypes(connectionString: string): Promise<string> {
  // As server/platform/database/database.ts parses what the driver hands over.
  const dialect = new PostgresDialect({ dateParser: "string", numericParser: "number" });
  dialect.adapter.scalars.date = new IdentifierNode("LocalDate");
  const db = await dialect.introspector.connect({ connectionString, dialect });
  try {
    return await generate({
      db,
      dialect,
      customImports: { LocalDate: "#scheduling/units.ts", Minutes: "#scheduling/units.ts" },
      overrides: { columns: minuteColumns },
      typeMapping: { int8: "number" },
      excludePattern: "{auth,graphile_worker}.*",
      outFile: null,
    });
  } finally {
    await db.destroy();
  }
}
