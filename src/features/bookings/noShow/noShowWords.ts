import type { Booking } from "#contract/bookings.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { firstName } from "@/lib/words.ts";
import { noShowStanding } from "./noShowFacts.ts";

type Told = Pick<Booking, "no_show" | "user_name" | "mentor">;

/** The other one's first name. */
function otherNameOf({ user_name, mentor }: Told, reader: BookingRole): string {
  return firstName(reader === "mentor" ? user_name : mentor.full_name);
}

/** A word beside a session in a list; null while a claim counts for nothing. @param now epoch ms */
export function noShowBadge(
  booking: Told,
  reader: BookingRole,
  now: number,
): { words: string; tone: "accent" | "bad" } | null {
  const standing = noShowStanding(booking, now);
  if (standing === "none") return null;
  const isOwn = booking.no_show?.claimed_by === reader;
  const other = otherNameOf(booking, reader);
  if (standing === "open") {
    return { words: isOwn ? `Waits for ${other}’s answer` : "Waits for your answer", tone: "accent" };
  }
  return { words: isOwn ? `${other} did not come` : "You did not come", tone: "bad" };
}

/** What is said of a session on its page: a heading and what follows from it. @param now epoch ms */
export function noShowWords(
  booking: Told,
  reader: BookingRole,
  now: number,
): { title: string; meaning: string } | null {
  const claim = booking.no_show;
  if (!claim) return null;
  const isOwn = claim.claimed_by === reader;
  const other = otherNameOf(booking, reader);
  const said = isOwn ? `You said that ${other} did not come` : `${other} says that you did not come`;
  // The window may have closed before a job has noted it.
  const state =
    claim.state === "open" && noShowStanding(booking, now) === "stands" ? "unanswered" : claim.state;
  switch (state) {
    case "open":
      return {
        title: said,
        meaning: isOwn
          ? `Until ${other} answers, the session is neither completed nor reviewed. Without an answer it stands.`
          : "Were you there? Without an answer it stands.",
      };
    case "agreed":
      return {
        title: isOwn ? `${other} did not come` : "You did not come",
        meaning: `${isOwn ? other : "You"} agreed to that. The session does not count as held.`,
      };
    case "unanswered":
      return {
        title: isOwn ? `${other} did not come` : `It stands that you did not come`,
        meaning: "No answer came in time. The session does not count as held.",
      };
    case "disputed":
      return {
        title: "You do not agree on who came",
        meaning: `${isOwn ? `You said that ${other} did not come, and ${other} disputes it` : `${other} said that you did not come, and you dispute it`}. Neither word counts more, so the session counts as held.`,
      };
    case "withdrawn":
      return {
        title: isOwn ? "You took your word back" : `${other} took it back`,
        meaning: isOwn
          ? `It no longer says that ${other} did not come.`
          : "It no longer says that you did not come.",
      };
    default:
      return state satisfies never;
  }
}
