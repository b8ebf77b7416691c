import { z } from "zod";
import { textLimits } from "#rules/limits.ts";

/** What a page can lack, in the order of the set-up steps. The profile itself exists by then. */
export const setupParts = ["about", "service", "hours", "room", "listing"] as const;
export type SetupPart = (typeof setupParts)[number];

/** How far a mentor is. */
export const mentorSetup = z
  .object({
    bookable: z.boolean().describe("Whether there are a service and hours, which booking requires."),
    listed: z.boolean().describe("Whether the search shows the page."),
    missing: z.array(z.enum(setupParts)).describe("about and room are advice, the others are needed."),
  })
  .meta({ id: "MentorSetup" });
export type MentorSetup = z.infer<typeof mentorSetup>;

export const usernameParams = z.object({ username: z.string().min(1).max(textLimits.mentorKey) });

/** Whether a username is free now. Only creating or changing a profile reserves it. */
export const usernameAnswer = z
  .object({
    username: z.string().describe("As it would be stored."),
    available: z.boolean(),
    problem: z.string().nullable().describe("What is wrong with its form, for people to read."),
    suggestions: z.array(z.string()).describe("Free ones that are like it; none while it is free itself."),
  })
  .meta({ id: "UsernameAnswer" });
export type UsernameAnswer = z.infer<typeof usernameAnswer>;
