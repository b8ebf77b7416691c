import type { NotificationContent, NotificationFacts, NotificationKind } from "./notifications.ts";

/** Facts with instants and amounts as text. */
type Shown<Facts> = Facts extends { amount: number } ? Omit<Facts, "amount"> & { amount: string } : Facts;

/** A sentence for each kind, from its facts with instants and amounts as text. */
export type NotificationSentences = {
  [Kind in NotificationKind]: (facts: Shown<NotificationFacts<Kind>>) => string;
};

/** Facts that are instants. */
const instants = [
  "starts_at",
  "last_starts_at",
  "from_starts_at",
  "moved_to",
  "answer_until",
  "held_until",
  "expires_at",
  "ends_at",
  "synced_at",
];

/** How a reader's page or mail shows instants (ISO 8601) and amounts (major units). */
export interface FactFormats {
  instant(instant: string): string;
  amount(amount: number, currency: string): string;
}

/**
 * Returns a notification as a sentence. Pages and the server's messages share it: each formats instants in its own way.
 * @param sentences in the recipient's language
 */
export function notificationText(
  sentences: NotificationSentences,
  { kind, facts }: NotificationContent,
  { instant, amount }: FactFormats,
): string {
  const textOf = (name: string, value: unknown) => {
    if (value !== undefined && instants.includes(name)) return instant(String(value));
    return name === "amount" && "amount" in facts ? amount(facts.amount, facts.currency) : value;
  };
  const texts = Object.entries(facts).map(([name, value]) => [name, textOf(name, value)]);
  // The compiler cannot see that the kind's own facts meet the kind's own sentence.
  const write = sentences[kind] as (facts: unknown) => string;
  return write(Object.fromEntries(texts));
}
