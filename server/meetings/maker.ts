import type { MadeKind } from "#rules/meetingPlaces.ts";
import type { EpochMs } from "#scheduling/units.ts";

/** The session that a link is made for. */
export interface MeetingSession {
  mentorId: string;
  /** By which makers know it: its booking's, or that of the time which a group shares. */
  sessionId: string;
  startsAt: EpochMs;
  endsAt: EpochMs;
  /** The mentor's zone, IANA. */
  timezone: string;
  serviceTitle: string;
  mentorName: string;
  /** Null of a group, whose people are not named to each other. */
  studentName: string | null;
  /** The account that holds it, where several can: null if none is free at its time. */
  host: string | null;
}

/** What was made: `ref` names it at its maker. */
export interface MadeMeeting {
  ref: string;
  /** The same for all students of the session. */
  guestUrl: string;
  /** The mentor's own form of the link, if they have more rights with it. */
  hostUrl?: string | undefined;
  /** What is needed to get in, beside the link. */
  note?: string | undefined;
}

/** A way to make a link for each session: a service, or the calendar that a session is written to. */
export interface MeetingMaker {
  make(session: MeetingSession, signal: AbortSignal): Promise<MadeMeeting>;
  /** The form of the link that is one student's own, if each has one. Calls nothing. */
  linkFor?(ref: string, session: MeetingSession, studentName: string): Promise<string>;
  /** After an attempt without an answer: what it has made, if it did. Left out if making it twice makes one. */
  find?(session: MeetingSession, signal: AbortSignal): Promise<MadeMeeting | null>;
  /** Null: it is gone, and has to be made again. */
  move(ref: string, session: MeetingSession, signal: AbortSignal): Promise<MadeMeeting | null>;
  /** One that is gone counts as removed. */
  remove(
    ref: string,
    session: Pick<MeetingSession, "mentorId" | "sessionId">,
    signal: AbortSignal,
  ): Promise<void>;
}

/** Those that are configured. */
export type MeetingMakers = Readonly<Partial<Record<MadeKind, MeetingMaker>>>;

type ProblemCode = "refused" | "limited" | "unclear" | "no_host_free" | "not_configured";

/** An attempt failed. The message is for the log: it holds no secret and no address. */
export class MeetingProblem extends Error {
  /** There was no answer, so it may have been done. */
  readonly mayBeDone: boolean;
  /** Another attempt will fail too until a person does something. */
  readonly isLasting: boolean;
  readonly retryAfterMs: number | undefined;
  readonly code: ProblemCode;

  constructor(code: ProblemCode, message: string, retryAfterMs?: number) {
    super(message);
    this.code = code;
    this.mayBeDone = code === "unclear";
    this.isLasting = code === "refused" || code === "no_host_free" || code === "not_configured";
    this.retryAfterMs = retryAfterMs;
  }
}
