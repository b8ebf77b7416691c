import { z } from "zod";
import { countLimits, textLimits } from "#rules/limits.ts";

const { zonesAtOnce } = countLimits;

export const zoneQuery = z.object({
  names: z
    .string()
    // Each name with its comma.
    .max(zonesAtOnce * (textLimits.timeZone + 1))
    .transform((names) => names.split(","))
    .refine((names) => names.length <= zonesAtOnce, `Ask about at most ${zonesAtOnce} zones at once.`)
    .meta({ examples: ["Asia/Kolkata,Europe/Berlin"] }),
});

/** The clock of a zone: each offset holds from its `from` to that of the next. */
export const zoneRules = z
  .object({
    timezone: z.string().describe("The name as it was asked."),
    periods: z.array(
      z.object({
        from: z.string().describe("Instant, UTC."),
        utc_offset: z.int().describe("Minutes east of UTC."),
      }),
    ),
  })
  .meta({ id: "ZoneRules" });
export type ZoneRules = z.infer<typeof zoneRules>;

export const zoneAnswer = z.object({
  until: z.string().describe("The instant up to which the rules are given."),
  data: z.array(zoneRules),
  unknown: z.array(z.string()).describe("Names of which no zone is known here."),
});
export type ZoneAnswer = z.infer<typeof zoneAnswer>;
