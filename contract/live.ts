import { z } from "zod";
import { maxFollowedMentors } from "#rules/limits.ts";
import { uuid } from "./primitives.ts";

/** What one stream tells of: somebody's own things, mentors' times, or both. */
export const liveQuery = z
  .object({
    for: uuid.optional().describe("The caller's own id: tells of his own things, while he is signed in."),
    mentors: z
      .string()
      .transform((list) => list.split(","))
      .pipe(z.array(uuid).max(maxFollowedMentors, `Follow at most ${maxFollowedMentors} mentors.`))
      .optional()
      .describe("Ids with commas between them."),
  })
  .refine((query) => query.for !== undefined || query.mentors !== undefined, {
    message: "Say what to follow.",
    path: ["mentors"],
  });
