import type { NotificationFacts, NotificationKind } from "#contract/notifications.ts";

/** One thing that one person is to be told, on whatever channel. */
export interface Message {
  recipientId: string;
  kind: NotificationKind;
  /** Names the occasion: whoever is told of it twice is told once. */
  dedupeKey: string;
  facts: NotificationFacts;
  bookingId?: string;
  requestId?: string;
}
