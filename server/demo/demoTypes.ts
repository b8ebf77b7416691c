import type { z } from "zod";
import type { schedulingSettings } from "#contract/mentors.ts";
import type { SessionType } from "#contract/services.ts";

/** One vocabulary for all demo mentors, so that a filter finds more than one of them. */
type Expertise =
  | "React"
  | "Frontend"
  | "Backend"
  | "System design"
  | "Cloud and DevOps"
  | "Data science"
  | "Machine learning"
  | "Open source"
  | "Product management"
  | "UX design"
  | "Startups"
  | "Fundraising"
  | "Leadership"
  | "Career change"
  | "Interview preparation"
  | "Resume review"
  | "Communication"
  | "Technical writing"
  | "Freelancing"
  | "Personal finance"
  | "Study abroad"
  | "Scholarships";

export interface DemoPerson {
  /** The part before the @ of the e-mail address, and a mentor's username. */
  handle: string;
  full_name: string;
  timezone: string;
  joinedDaysAgo: number;
}

export interface DemoMentor extends DemoPerson {
  headline: string;
  bio: string;
  expertise: readonly Expertise[];
  languages: readonly string[];
  /** Only what differs from the defaults of the database. */
  settings: Partial<z.input<typeof schedulingSettings>>;
  verified: boolean;
  services: readonly DemoService[];
  /** In addition to the meeting room's link, which all mentors with hours have. */
  meetingNote?: string;
  weekly: readonly WeeklyHours[];
  extra?: readonly ExtraHours[];
  daysOff?: readonly DayOff[];
}

export interface DemoService {
  /** Unique per mentor; sessions refer to it. */
  key: string;
  session_type: SessionType;
  title: string;
  description: string;
  /** [minutes, rupees] */
  durations: readonly (readonly [minutes: number, price: number])[];
  capacity?: number;
  /** Minutes before the start until which students may cancel or reschedule. */
  cancel_cutoff?: number;
  reschedule_cutoff?: number;
  /** Rupees. */
  recording_price?: number;
  instant_confirm?: boolean;
}

/** Wall clock of the mentor. */
interface WeeklyHours {
  /** 0 Sunday to 6 Saturday. */
  days: readonly number[];
  from: string;
  until: string;
}

/** `inDays` counts from the mentor's today. */
interface ExtraHours {
  inDays: number;
  from: string;
  until: string;
}

interface DayOff {
  inDays: number;
  reason: string;
}

/** How a seat ended. The last three took no time in the end. */
type Outcome = "completed" | "confirmed" | "pending" | "cancelled" | "declined" | "expired";

export interface DemoSeat {
  /** Handle of a student or of another mentor. */
  student: string;
  outcome: Outcome;
  message: string;
  addRecording?: boolean;
  /** Why it was cancelled or declined. */
  reason?: string;
}

/** At the offered start nearest to `near` (mentor's wall clock), `inDays` from the mentor's today. */
export interface DemoSession {
  /** Ignores `near` and takes the first offered start after an hour and a quarter, so that a session starts soon. */
  soon?: true;
  mentor: string;
  /** Key of one of the mentor's services. */
  service: string;
  minutes: number;
  inDays: number;
  near: string;
  /** A group session that its mentor scheduled, with how many it needs. */
  scheduled?: { minimum: number };
  /** One for a 1:1 session; none for a time that is free, and kept for the first of its queue. */
  seats: readonly DemoSeat[];
  /** Handles of those who wait for it, in their order. */
  queue?: readonly string[];
}
