import { z } from "zod";
import { countLimits } from "#rules/limits.ts";
import { listErrors } from "#words/fields.ts";
import { uuid } from "./primitives.ts";

/** What one stream reports: the person's own data, mentors' times, or both. */
export const liveQuery = z
  .object({
    for: uuid
      .optional()
      .describe("The caller's own id: reports the caller's own data while they are signed in."),
    mentors: z
      .string()
      .transform((list) => list.split(","))
      .pipe(
        z
          .array(uuid)
          .max(countLimits.followedMentors, listErrors.tooManyMentors(countLimits.followedMentors)),
      )
      .optional()
      .describe("Ids with commas between them."),
  })
  .refine((query) => query.for !== undefined || query.mentors !== undefined, {
    message: listErrors.nothingToFollow,
    path: ["mentors"],
  });
