import type { Approval } from "#rules/approval.ts";
import { windowHours } from "#rules/windows.ts";
import { count } from "./language.ts";

export const sessionTypes = {
  oneOnOneSession: "1:1 session",
  groupSession: "Group session",
  chatAdvice: "Chat advice",
};

export const capacity = (people: number) => `Up to ${count(people, { one: "person", other: "people" })}`;

export const serviceList = { none: "No sessions yet", checkBack: "Check back later." };

/** @param price null when it is free */
export const recordingFor = (price: string | null) =>
  price === null ? "Free recording" : `Recording ${price}`;

/** What happens to a booking of a service. */
export const approvals = {
  instant: () => "Confirmed instantly",
  /** @param mentor first name */
  approve_first: (mentor: string) => `First session: ${mentor} replies within ${windowHours.requestAnswer} h`,
  approve: (mentor: string) => `${mentor} replies within ${windowHours.requestAnswer} h`,
} satisfies Record<Approval, (mentor: string) => string>;
