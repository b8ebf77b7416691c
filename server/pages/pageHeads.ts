import type { z } from "zod";
import { uuid } from "#contract/primitives.ts";
import { parseInstant } from "#scheduling/units.ts";
import { defaultLanguage, wordsIn } from "#words/languages.ts";
import { findGroupSession } from "../groupSessions/queries.ts";
import { mailTimes } from "../mail/mailTimes.ts";
import { amountText } from "../mail/moneyText.ts";
import type { Database, Queryable } from "../platform/database/database.ts";
import { findMentorCard, type MentorCard } from "../platform/database/directory.ts";
import type { PageHead, PageParams } from "../platform/http/pageHead.ts";
import { findProgramme } from "../programmes/queries.ts";

interface PageHeadsOptions {
  database: Pick<Database, "public">;
  publicUrl: string;
}

/**
 * Returns what reads the title and description of each public page, by its pattern in src/lib/paths.ts; each returns null if
 * there is no such page. Times are in the mentor's zone: a link preview knows no reader.
 */
export function openPageHeads({ database: { public: executor }, publicUrl }: PageHeadsOptions) {
  const words = wordsIn(defaultLanguage);
  const urlOf = (mentor: MentorCard, rest = "") =>
    `${publicUrl}/mentors/${encodeURIComponent(mentor.username)}${rest}`;
  return {
    "/mentors/:username": async ({ username = "" }: PageParams): Promise<PageHead | null> => {
      const mentor = await findMentorCard(executor, username);
      return (
        mentor && {
          title: mentor.full_name,
          description: words.mentors.mentorProfile.description(mentor),
          url: urlOf(mentor),
          isListed: mentor.listed,
        }
      );
    },
    "/mentors/:username/groups/:groupId": async ({ username = "", groupId = "" }: PageParams) => {
      const [mentor, session] = await ofMentor(executor, username, groupId, findGroupSession);
      if (!mentor || !session) return null;
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
        url: urlOf(mentor, `/groups/${session.id}`),
        isListed: mentor.listed && isOn,
      };
    },
    "/mentors/:username/programmes/:programmeId": async ({ username = "", programmeId = "" }: PageParams) => {
      const [mentor, found] = await ofMentor(executor, username, programmeId, findProgramme);
      if (!mentor || !found) return null;
      const { id, title, state, price, currency, seats_left, mentor_timezone } = found.programme;
      const { programmePage, programmeFacts } = words.programmes;
      const [first] = found.remaining;
      const isOn = state !== "cancelled" && first !== undefined;
      return {
        title: programmePage.pageTitle(title, mentor.full_name),
        description: isOn
          ? programmePage.description({
              mentor: mentor.full_name,
              sessions: found.remaining.length,
              first: mailTimes(words, mentor_timezone).inSentence(first.startsAt),
              price: price ? programmeFacts.all(amountText(words, price, currency)) : words.money.free,
              places: programmeFacts.seats(seats_left),
            })
          : programmePage.cancelledDescription(mentor.full_name),
        url: urlOf(mentor, `/programmes/${id}`),
        isListed: mentor.listed && isOn,
      };
    },
  };
}

type Find<Found> = (executor: Queryable, mentor: string, id: string) => Promise<Found | undefined>;

/** What a mentor offers at an address of its own; undefined also for an address that no id is in. */
async function ofMentor<Found>(
  executor: Queryable,
  username: string,
  id: z.input<typeof uuid>,
  find: Find<Found>,
): Promise<[MentorCard | null, Found | undefined]> {
  if (!uuid.safeParse(id).success) return [null, undefined];
  // By the mentor's id: the username may be a former one.
  const mentor = await findMentorCard(executor, username);
  return [mentor, mentor === null ? undefined : await find(executor, mentor.id, id)];
}
