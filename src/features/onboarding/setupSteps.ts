import type { MentorSetup, SetupPart } from "#contract/onboarding.ts";
import { paths } from "@/lib/paths.ts";

export const setupStepIds = ["page", "about", "service", "hours", "room", "publish"] as const;
export type SetupStepId = (typeof setupStepIds)[number];

export type SetupStep = {
  id: SetupStepId;
  title: string;
  isDone: boolean;
  /** Without it nobody finds or books the mentor; the others are advice. */
  isRequired: boolean;
  /** Where it is done while one is setting up. */
  to: string;
};

/** What a step asks for, and the part of the API's answer that says it is missing; the profile is none of them. */
const knownSteps = {
  page: { title: "Name and username", part: null, isRequired: true },
  about: { title: "What you help with", part: "about", isRequired: false },
  service: { title: "Your first service", part: "service", isRequired: true },
  hours: { title: "Weekly hours", part: "hours", isRequired: true },
  room: { title: "Where you meet", part: "room", isRequired: false },
  publish: { title: "Publish your page", part: "listing", isRequired: true },
} as const satisfies Record<SetupStepId, { title: string; part: SetupPart | null; isRequired: boolean }>;

/** The steps to a page that can be booked, in their order. `setup` is null for somebody who is no mentor yet. */
export function stepsOf(setup: Pick<MentorSetup, "missing"> | null): SetupStep[] {
  return setupStepIds.map((id) => {
    const { title, part, isRequired } = knownSteps[id];
    const isDone = setup !== null && (part === null || !setup.missing.includes(part));
    return { id, title, isDone, isRequired, to: paths.mentorStart(id) };
  });
}

/** The next step to take after one, then from the beginning; the last one when nothing is missing. */
export function nextStep(steps: readonly SetupStep[], after: SetupStepId | null = null): SetupStepId {
  const from = after === null ? 0 : steps.findIndex(({ id }) => id === after) + 1;
  const inOrder = [...steps.slice(from), ...steps.slice(0, from)];
  return inOrder.find(({ isDone, id }) => !isDone && id !== after)?.id ?? "publish";
}

export function countDone(steps: readonly SetupStep[]): number {
  return steps.filter(({ isDone }) => isDone).length;
}

/** Whether students find and can book this mentor: what is left is advice. */
export function isReady(steps: readonly SetupStep[]): boolean {
  return steps.every(({ isDone, isRequired }) => isDone || !isRequired);
}

/** Of the address: the step, if it is one that can be taken. Before there is a page there is only the first. */
export function chosenStep(steps: readonly SetupStep[], wish: string | null): SetupStepId {
  if (!steps[0]?.isDone) return "page";
  return setupStepIds.find((id) => id === wish) ?? nextStep(steps);
}
