import { useState } from "react";
import { useMe } from "@/features/accounts/me.ts";
import { clearDraft, readDraft, writeDraft } from "@/lib/drafts.ts";
import { tabPerson } from "@/lib/tabPerson.ts";

/** What is typed in the details step. */
export type BookingDetails = {
  name: string;
  email: string;
  phone: string;
  message: string;
  addRecording: boolean;
  /** Whether the other attendees of a group session see the name; no by default. */
  showsName?: boolean;
  /** As typed. */
  couponCode?: string;
  /** Whether a bought package pays, if there is one; yes by default. */
  usesPackage?: boolean;
  /** The package that pays, once it is sent. */
  packageId?: string;
  /** The total on the page when it was sent, in major units. */
  agreedTotal?: string;
};

/** The draft of the details for one mentor: in state for rendering, in the tab's storage to survive a reload. */
export function useBookingDraft(mentorId: string) {
  const key = `booking.${mentorId}`;
  const { isPending } = useMe();
  // A draft belongs to its author, so there is none until the signed-in person is known.
  const personId = isPending ? null : (tabPerson.id() ?? "");
  const [stored, setStored] = useState<StoredDraft>({ personId: null, draft: {} });
  const current =
    stored.personId === personId ? stored : { personId, draft: readBookingDraft(key, personId) };
  if (current !== stored) setStored(current);
  const setDraft = (draft: Partial<BookingDetails>) => setStored({ personId, draft });
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

type StoredDraft = { personId: string | null; draft: Partial<BookingDetails> };

function readBookingDraft(key: string, personId: string | null): Partial<BookingDetails> {
  if (personId === null) return {};
  const stored = readDraft(key);
  if (typeof stored !== "object" || stored === null) return {};
  const entries = Object.entries(stored).filter(
    ([, value]) => typeof value === "string" || typeof value === "boolean",
  );
  return Object.fromEntries(entries);
}

/** A draft with its missing parts empty, as it is sent. */
export function detailsOf(draft: Partial<BookingDetails>): BookingDetails {
  return { name: "", email: "", phone: "", message: "", addRecording: false, ...draft };
}
