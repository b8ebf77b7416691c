import { openCaps } from "#rules/limits.ts";
import { bookingOf, dateIn, readSlots } from "../../server/testing/booking.ts";
import { daily, type Mentor, type MentorWishes, type Person } from "../../server/testing/testApp.ts";
import { type Round, tally } from "../rounds.ts";
import type { Stage } from "../stage.ts";
import { type Attempt, type Outcome, storm } from "./storm.ts";

/** Other people in every round: what they have open counts with all mentors together. */
export const strangers = { inRound: 20 };
export const eager = { inRound: 5, requestsEach: 12 };

/** Every person of one network, all with unconfirmed addresses, books another time of one mentor. */
export async function newcomers(stage: Stage, round: number): Promise<Round> {
  const mentor = await openMentor(stage, { instant_confirm: true });
  const people = peopleOf(stage, round, strangers.inRound);
  await stage.test.db.owner.query("update auth.users set email_verified = false where id = any($1)", [
    people.map(({ id }) => id),
  ]);
  const outcomes = await storm(await distinct(stage, mentor, people));
  return judge(outcomes, openCaps.newcomer_times_from_network);
}

/** A few people who each request many times of one mentor, all concurrently. */
export async function eagerPeople(stage: Stage, round: number): Promise<Round> {
  const mentor = await openMentor(stage);
  const people = peopleOf(stage, round, eager.inRound);
  const turns = people.flatMap((person) => Array.from({ length: eager.requestsEach }, () => person));
  const outcomes = await storm(await distinct(stage, mentor, turns));
  return judge(outcomes, people.length * openCaps.requests_with_mentor);
}

function peopleOf(stage: Stage, round: number, count: number): Person[] {
  return stage.people.slice(round * count, (round + 1) * count);
}

function openMentor(stage: Stage, settings: MentorWishes["settings"] = {}): Promise<Mentor> {
  return stage.test.makeMentor({
    settings: { slot_interval: 60, ...settings },
    windows: daily("08:00", "20:00"),
  });
}

/** One attempt for each of the people, no two at the same time: only a cap can refuse one. */
async function distinct(stage: Stage, mentor: Mentor, people: readonly Person[]): Promise<Attempt[]> {
  const days = { from: dateIn(mentor, 1), to: dateIn(mentor, 30) };
  const starts = await readSlots(stage.test.visitor, mentor, days);
  if (starts.length < people.length) throw new Error(`${starts.length} times for ${people.length} people.`);
  return people.map((person, index) => ({ person, body: bookingOf(mentor, starts[index]!.starts_at) }));
}

function judge(outcomes: readonly Outcome[], cap: number): Round {
  const codes = tally(outcomes);
  const { created = 0, too_many_requests_open: _, too_many_sessions_ahead: __, ...others } = codes;
  return {
    codes,
    faults: [
      ...(created !== cap ? [`${created} times taken where ${cap} may be`] : []),
      ...Object.keys(others).map((code) => `answered ${code}`),
    ],
  };
}
