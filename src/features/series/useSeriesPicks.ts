import { useState } from "react";
import { numberLimits } from "#rules/limits.ts";
import { clearDraft, readDraft, writeDraft } from "@/lib/drafts.ts";
import { noPicks, repeats, type SeriesPicks } from "./seriesPicks.ts";

/** A month of weeks, which most mentors can be booked for. */
const USUAL = 4;

/** The decisions about the dates of a series, kept in the tab. @param of the session that is repeated */
export function useSeriesPicks(mentorId: string, of: string) {
  const key = `series.${mentorId}`;
  const [stored, setStored] = useState(() => readPicks(key));
  const picks = stored?.of === of ? stored : noPicks(of, USUAL);
  return {
    picks,
    change(next: SeriesPicks) {
      setStored(next);
      writeDraft(key, next);
    },
    clear: () => clearDraft(key),
  };
}

function readPicks(key: string): SeriesPicks | null {
  const draft = readDraft(key);
  return isPicks(draft) ? draft : null;
}

/** Drafts of other versions of the app may look otherwise. */
function isPicks(draft: unknown): draft is SeriesPicks {
  const { of, every, sessions, omitted, instead, payment } = (draft ?? {}) as Partial<SeriesPicks>;
  return (
    typeof of === "string" &&
    repeats.some((each) => each === every) &&
    Number.isInteger(sessions) &&
    Number(sessions) <= numberLimits.seriesSessions.max &&
    Array.isArray(omitted) &&
    typeof instead === "object" &&
    (payment === null || typeof payment === "string")
  );
}
