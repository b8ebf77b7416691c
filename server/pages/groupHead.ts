import { uuid } from "#contract/primitives.ts";
import { parseInstant } from "#scheduling/units.ts";
import { defaultLanguage, wordsIn } from "#words/languages.ts";
import { findGroupSession } from "../groupSessions/queries.ts";
import { mailTimes } from "../mail/mailTimes.ts";
import { amountText } from "../mail/moneyText.ts";
import { findMentor } from "../mentors/queries.ts";
import type { Database } from "../platform/database/database.ts";
import type { PageHead } from "../platform/http/pageHead.ts";

interface GroupHeadOptions {
  database: Pick<Database, "public" | "publicDb">;
  publicUrl: string;
}

/** Returns what reads title and description of a group session's page, with its time in the mentor's zone; null if there is none. */
export function openGroupHead({ database, publicUrl }: GroupHeadOptions) {
  return async (username: string, id: string): Promise<PageHead | null> => {
    if (!uuid.safeParse(id).success) return null;
    const [mentor, session] = await Promise.all([
      findMentor(database.publicDb, username),
      findGroupSession(database.public, username, id),
    ]);
    if (!mentor || !session) return null;
    const words = wordsIn(defaultLanguage);
    const { groupPage, groupFacts, groupStates } = words.groupSessions;
    const { price, state, seats_left } = session;
    const isOn = state !== "cancelled";
    return {
      title: groupPage.pageTitle(session.service_title, mentor.full_name),
      description: groupPage.description({
        mentor: mentor.full_name,
        time: mailTimes(words, session.mentor_timezone).inSentence(parseInstant(session.starts_at)),
        price: price ? groupFacts.perSeat(amountText(words, price, session.currency)) : words.money.free,
        seats: isOn ? groupFacts.seatsLeft(seats_left) : groupStates.cancelled,
      }),
      url: `${publicUrl}/mentors/${encodeURIComponent(mentor.username)}/groups/${session.id}`,
      isListed: mentor.listed && isOn,
    };
  };
}
