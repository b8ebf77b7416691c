import { randomUUID } from "node:crypto";
import type { JobHelpers, TaskList } from "graphile-worker";
import { z } from "zod";
import { afterFailure, type MadeKind } from "#rules/meetingPlaces.ts";
import { fromDate, SECOND_MS } from "#scheduling/units.ts";
import type { Dependencies } from "../platform/http/route.ts";
import {
  type MadeMeeting,
  type MeetingMaker,
  type MeetingMakers,
  MeetingProblem,
  type MeetingSession,
} from "./maker.ts";

const payloadOf = z.object({ mentor_id: z.uuid(), occupancy_id: z.uuid() });

/** A run's lease ends two minutes after it began; what takes longer is left to the next one. */
const longestRunMs = 100 * SECOND_MS;
const untilLeaseEnds = "30 seconds";

interface Claimed {
  step: "make" | "move" | "share" | "remove" | "none";
  is_taken: boolean;
  kind: MadeKind;
  known_as: string;
  starts_at: Date;
  ends_at: Date;
  timezone: string;
  service_title: string;
  mentor_name: string;
  student_name: string | null;
  seats: { booking_id: string; student_name: string }[];
  ref: string | null;
  guest_url: string | null;
  host_url: string | null;
  note: string | null;
  old_host: string | null;
  host: string | null;
  is_unsure: boolean;
  failures: number;
}

interface Arranging extends Pick<Dependencies, "database" | "now"> {
  makers: MeetingMakers;
  hosts: readonly string[];
  logger: Pick<JobHelpers["logger"], "warn">;
}

/**
 * Makes the link of a session agree with the session. A run reads what is to be done when it begins, so it is right after any
 * order of changes, and a lease lets one run at a time do it.
 */
export function meetingTasks(arranging: Omit<Arranging, "logger">): TaskList {
  return {
    arrange_meeting: async (payload, { logger }) => {
      const { mentor_id, occupancy_id } = payloadOf.parse(payload);
      await arrange({ ...arranging, logger }, { mentorId: mentor_id, occupancyId: occupancy_id });
    },
  };
}

/** Of a session: all of its bookings share what is made. */
interface Key {
  mentorId: string;
  occupancyId: string;
}

async function arrange(arranging: Arranging, key: Key): Promise<void> {
  const { database, hosts, makers } = arranging;
  const claim = randomUUID();
  const { rows } = await database.commands.query<Claimed>(
    "select * from private.claim_meeting($1, $2, $3, $4)",
    [key.mentorId, key.occupancyId, claim, hosts],
  );
  const [claimed] = rows;
  if (!claimed) return;
  if (claimed.is_taken) {
    await database.commands.query("select private.arrange_meeting($1, $2, $3)", [
      key.mentorId,
      key.occupancyId,
      untilLeaseEnds,
    ]);
    return;
  }
  const run = { key, claim, claimed };
  try {
    await carryOut(arranging, run, makers[claimed.kind]);
  } catch (error) {
    if (!(error instanceof MeetingProblem)) {
      // A fault of ours: the queue tries again, after the lease.
      await noteFailure(arranging, run, new MeetingProblem("unclear", "the job failed"));
      throw error;
    }
    await noteFailure(arranging, run, error);
  }
}

interface Run {
  key: Key;
  claim: string;
  claimed: Claimed;
}

async function carryOut(
  { database }: Arranging,
  { key, claim, claimed }: Run,
  maker: MeetingMaker | undefined,
): Promise<void> {
  const { step, ref, is_unsure, old_host, host, starts_at, ends_at } = claimed;
  const settle = (wasRemoved: boolean) =>
    database.commands.query("select private.settle_meeting($1, $2, $3, $4)", [
      key.mentorId,
      key.occupancyId,
      claim,
      wasRemoved,
    ]);
  if (step === "none") return void (await settle(false));
  if (!maker) throw new MeetingProblem("not_configured", `no ${claimed.kind} is configured`);
  const signal = AbortSignal.timeout(longestRunMs);
  const session: MeetingSession = {
    mentorId: key.mentorId,
    sessionId: claimed.known_as,
    startsAt: fromDate(starts_at),
    endsAt: fromDate(ends_at),
    timezone: claimed.timezone,
    serviceTitle: claimed.service_title,
    mentorName: claimed.mentor_name,
    studentName: claimed.student_name,
    host,
  };
  const find = async () =>
    (is_unsure && (await maker.find?.({ ...session, host: old_host ?? host }, signal))) || null;

  if (step === "remove") {
    const known = ref ?? (await find())?.ref;
    if (known) await maker.remove(known, session, signal);
    return void (await settle(true));
  }
  const made = step === "share" ? shared() : await makeOrMove();
  const links = await Promise.all(
    claimed.seats.map(
      async ({ student_name }) => (await maker.linkFor?.(made.ref, session, student_name)) ?? made.guestUrl,
    ),
  );
  const { rows } = await database.commands.query<{ is_noted: boolean }>(
    "select private.note_meeting($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) as is_noted",
    [
      key.mentorId,
      key.occupancyId,
      claim,
      made.ref,
      made.guestUrl,
      claimed.seats.map(({ booking_id }) => booking_id),
      links,
      made.hostUrl ?? null,
      made.note ?? null,
      starts_at,
      ends_at,
    ],
  );
  // Another run has taken over, and has not found what this one had not made yet.
  if (!rows[0]?.is_noted && step !== "share") await removeStray(made.ref);

  /** What another seat has already. */
  function shared(): MadeMeeting {
    const { guest_url: guestUrl, host_url: hostUrl, note } = claimed;
    if (ref === null || guestUrl === null) throw new Error("A meeting without a link cannot be shared.");
    return { ref, guestUrl, hostUrl: hostUrl ?? undefined, note: note ?? undefined };
  }

  async function makeOrMove(): Promise<MadeMeeting> {
    if (ref && maker) {
      if (old_host === host || host === null) {
        const moved = await maker.move(ref, session, signal);
        if (moved) return moved;
      } else {
        // The host has another session at the new time.
        await maker.remove(ref, session, signal);
      }
    }
    const found = ref ? null : await find();
    if (found) return (await maker?.move(found.ref, session, signal)) ?? found;
    return maker?.make(session, signal) as Promise<MadeMeeting>;
  }

  async function removeStray(made: string): Promise<void> {
    const { rows } = await database.commands.query<{ ref: string | null }>(
      "select private.made_meeting_ref($1, $2) as ref",
      [key.mentorId, key.occupancyId],
    );
    if (rows[0]?.ref !== made) await maker?.remove(made, session, signal);
  }
}

async function noteFailure(
  { database, now, logger }: Arranging,
  { key, claim, claimed }: Run,
  problem: MeetingProblem,
): Promise<void> {
  const { code, isLasting, mayBeDone, retryAfterMs, message } = problem;
  const { fallsBack, againAfterMs } = afterFailure(
    { count: claimed.failures + 1, isLasting, retryAfterMs },
    { endsAt: fromDate(claimed.ends_at), now: now() },
  );
  logger.warn(`A meeting was not arranged (${code}): ${message}`, { occupancyId: key.occupancyId });
  await database.commands.query(
    "select private.note_meeting_failure($1, $2, $3, $4, $5, $6, $7::double precision * interval '1 millisecond')",
    [
      key.mentorId,
      key.occupancyId,
      claim,
      code,
      claimed.ref === null && (claimed.is_unsure || mayBeDone),
      fallsBack,
      againAfterMs,
    ],
  );
}
