import { addMs, type EpochMs, minutesBetween } from "#scheduling/units.ts";
import type { Words } from "#words/languages.ts";
import type { Letter } from "./letter.ts";
import type { SessionContext } from "./mailInput.ts";
import type { MailTimes, Span } from "./mailTimes.ts";

interface Shown {
  span: Span;
  /** When it was to be before it was moved. */
  before?: EpochMs | undefined;
  isOff: boolean;
}

/** The session that a mail is about. */
export function sessionBlock(
  { mailParts }: Words,
  { session }: SessionContext,
  { name, service }: { name: string; service: string },
  times: MailTimes,
  { span, before, isOff }: Shown,
): NonNullable<Letter["session"]> {
  const minutes = span.until === undefined ? undefined : minutesBetween(span.from, span.until);
  const theirs = session && times.others(span, session.counterpartTimezone, name);
  return {
    service,
    name,
    detail: mailParts.mailSession.detail(name, minutes),
    length: minutes === undefined ? undefined : mailParts.mailSession.length(minutes),
    tile: times.parts(span.from),
    isOff,
    times: [times.own(span, session?.counterpartTimezone), ...(theirs ? [theirs] : [])],
    before:
      before === undefined ? undefined : times.own(spanFrom(before, session), session?.counterpartTimezone),
  };
}

/** The session may have moved since: its length is that of the booking, its start that of the message. */
export function spanFrom(from: EpochMs, session: SessionContext["session"]): Span {
  return { from, until: session && addMs(from, session.endsAt - session.startsAt) };
}
