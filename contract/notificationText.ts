import type { NotificationContent, NotificationFacts, NotificationKind } from "./notifications.ts";

/** A sentence for each kind, from its facts with the instants as text. */
export type NotificationSentences = {
  [Kind in NotificationKind]: (facts: NotificationFacts<Kind>) => string;
};

/** Facts that are instants. */
const instants = ["starts_at", "from_starts_at", "answer_until"];

/**
 * Returns a notification as a sentence. Pages and the server's messages share it: each formats instants in its own way.
 * @param sentences in the recipient's language
 * @param format formats an ISO 8601 instant for the recipient's clock
 */
export function notificationText(
  sentences: NotificationSentences,
  { kind, facts }: NotificationContent,
  format: (instant: string) => string,
): string {
  const texts = Object.entries(facts).map(([name, value]) => [
    name,
    instants.includes(name) ? format(String(value)) : value,
  ]);
  // The compiler cannot see that the kind's own facts meet the kind's own sentence.
  const write = sentences[kind] as (facts: unknown) => string;
  return write(Object.fromEntries(texts));
}
