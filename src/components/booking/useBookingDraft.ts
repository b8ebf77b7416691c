import { useState } from "react";
import { clearDraft, readDraft, writeDraft } from "@/lib/drafts";

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
  const [draft, setDraft] = useState<Partial<BookingDetails>>(() => readBookingDraft(key));
  return {
    draft,
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

function readBookingDraft(key: string): Partial<BookingDetails> {
  const stored = readDraft(key);
  if (typeof stored !== "object" || stored === null) return {};
  const entries = Object.entries(stored).filter(
    ([, value]) => typeof value === "string" || typeof value === "boolean",
  );
  return Object.fromEntries(entries);
}
