import { useState } from "react";
import { useMe } from "@/features/accounts/me.ts";
import { clearDraft, readDraft, writeDraft } from "@/lib/drafts.ts";
import { tabPerson } from "@/lib/tabPerson.ts";

/** What is typed in the last step. */
export type BookingDetails = {
  name: string;
  email: string;
  phone: string;
  message: string;
  addRecording: boolean;
};

/** The draft of one mentor's booking form: in the page for rendering, in the tab's storage for coming back. */
export function useBookingDraft(mentorId: string) {
  const key = `booking.${mentorId}`;
  const { isPending } = useMe();
  // A draft is its writer's: until it is known who is here there is none to show.
  const personId = isPending ? null : (tabPerson.id() ?? "");
  const [kept, setKept] = useState<Kept>({ personId: null, draft: {} });
  const current = kept.personId === personId ? kept : { personId, draft: readBookingDraft(key, personId) };
  if (current !== kept) setKept(current);
  const setDraft = (draft: Partial<BookingDetails>) => setKept({ personId, draft });
  return {
    draft: current.draft,
    isKnown: personId !== null,
    save(next: Partial<BookingDetails>) {
      setDraft(next);
      writeDraft(key, next);
    },
    clear() {
      setDraft({});
      clearDraft(key);
    },
  };
}

type Kept = { personId: string | null; draft: Partial<BookingDetails> };

function readBookingDraft(key: string, personId: string | null): Partial<BookingDetails> {
  if (personId === null) return {};
  const stored = readDraft(key);
  if (typeof stored !== "object" || stored === null) return {};
  const entries = Object.entries(stored).filter(
    ([, value]) => typeof value === "string" || typeof value === "boolean",
  );
  return Object.fromEntries(entries);
}

/** What a draft amounts to when it is sent. */
export function detailsOf(draft: Partial<BookingDetails>): BookingDetails {
  return { name: "", email: "", phone: "", message: "", addRecording: false, ...draft };
}
