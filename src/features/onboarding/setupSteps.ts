import type { MentorSetup, SetupPart } from "#contract/onboarding.ts";
import { setupSteps as titles } from "#words/onboarding.ts";
import { paths } from "@/lib/paths.ts";

export const setupStepIds = ["page", "about", "service", "hours", "room", "publish"] as const;
export type SetupStepId = (typeof setupStepIds)[number];

export type SetupStep = {
  id: SetupStepId;
  title: string;
  isDone: boolean;
  /** Whether students can find and book the mentor only once the step is done. */
  isRequired: boolean;
  /** Path of the step in the setup. */
  to: string;
};

/** Whether a step is required, and which part of the API's response reports it as missing; none for the profile itself. */
const knownSteps = {
  page: { part: null, isRequired: true },
  about: { part: "about", isRequired: false },
  service: { part: "service", isRequired: true },
  hours: { part: "hours", isRequired: true },
  room: { part: "room", isRequired: false },
  publish: { part: "listing", isRequired: true },
} as const satisfies Record<SetupStepId, { part: SetupPart | null; isRequired: boolean }>;

/** The steps to a page that can be booked, in their order. `setup` is null for a person without a mentor profile. */
export function stepsOf(setup: Pick<MentorSetup, "missing"> | null): SetupStep[] {
  return setupStepIds.map((id) => {
    const { part, isRequired } = knownSteps[id];
    const isDone = setup !== null && (part === null || !setup.missing.includes(part));
    return { id, title: titles[id], isDone, isRequired, to: paths.mentorStart(id) };
  });
}

/** The next open step after `after`, continuing from the first; the last one if none is open. */
export function nextStep(steps: readonly SetupStep[], after: SetupStepId | null = null): SetupStepId {
  const from = after === null ? 0 : steps.findIndex(({ id }) => id === after) + 1;
  const inOrder = [...steps.slice(from), ...steps.slice(0, from)];
  return inOrder.find(({ isDone, id }) => !isDone && id !== after)?.id ?? "publish";
}

export function countDone(steps: readonly SetupStep[]): number {
  return steps.filter(({ isDone }) => isDone).length;
}

/** Whether all required steps are done. */
export function isReady(steps: readonly SetupStep[]): boolean {
  return steps.every(({ isDone, isRequired }) => isDone || !isRequired);
}

/** The step in the address, if it can be taken; without a mentor profile only the first can. */
export function chosenStep(steps: readonly SetupStep[], wish: string | null): SetupStepId {
  if (!steps[0]?.isDone) return "page";
  return setupStepIds.find((id) => id === wish) ?? nextStep(steps);
}
