/** What the judge's verdict on a start means for the person who wanted it: the same in a refusal and on the page. */
import type { Verdict } from "#scheduling/slots.ts";

/** Why a start that somebody asks for cannot be had; 'off_grid': the mentor has no such start (any more). */
export type StartRefusal = Exclude<Verdict, "free"> | "off_grid";

const sentences: Readonly<Record<StartRefusal, string>> = {
  taken: "Someone has just taken this time.",
  buffer: "Someone has just taken a time too close to this one.",
  past: "This time has passed.",
  notice: "The mentor needs more notice than that.",
  window: "The mentor does not take bookings that far ahead yet.",
  blocked: "The mentor is not available on that day.",
  outside_hours: "This session would run past the mentor's hours.",
  off_grid: "The mentor no longer offers this time.",
  day_limit: "The mentor takes no more sessions on that day.",
  paused: "The mentor is not taking new bookings at the moment.",
  week_limit: "The mentor takes no more sessions in that week.",
};

export function spellRefusal(refusal: StartRefusal): string {
  return sentences[refusal];
}
