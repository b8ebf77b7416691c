import { useQuery } from "@tanstack/react-query";
import { CalendarX, ListOrdered, X } from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import type { WaitlistEntry } from "#contract/waitlist.ts";
import { dateRange } from "#words/times.ts";
import { endings, waiting } from "#words/waitlist.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { paths } from "@/lib/paths.ts";
import { Link, useLocation } from "@/lib/router/router.tsx";
import { formatDate, formatDayAndTime } from "@/lib/time.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { SectionHeading } from "@/ui/SectionHeading.tsx";
import { OfferCard } from "./OfferCard.tsx";
import { placeOf } from "./placeOf.ts";
import { useLeaveWaitlist } from "./QueuePlace.tsx";
import { waitlistQuery } from "./queries.ts";
import { useLivePlaces } from "./useLivePlaces.ts";
import { splitWaiting } from "./waitlistState.ts";

type WaitingProps = { userId: string; timeZone: string; id: string };

/** What a person waits for: what is kept for them first, then their queues. Renders nothing when there is none. */
export function Waiting({ userId, timeZone, id }: WaitingProps) {
  const { data, error, refetch } = useQuery(waitlistQuery(userId));
  const now = useNow().getTime();
  const [wasShown, setWasShown] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const asked = new URLSearchParams(useLocation().search).get("waiting");
  const { offered, queued, ended } = splitWaiting(data ?? [], now);
  const isThere = offered.some(({ offer }) => offer.id === asked);
  useScrollToOffer(asked, data !== undefined, heading);
  if (error && !data) return <ProblemState title={waiting.failed} error={error} onRetry={refetch} />;
  if (!data) return null;
  const isGone = asked !== null && !isThere;
  const isEmpty = offered.length + queued.length + ended.length === 0 && !isGone;
  if (isEmpty && !wasShown) return null;
  // What the reader has just answered or left takes neither the heading away nor the focus.
  if (!isEmpty && !wasShown) setWasShown(true);
  const focusAfter = () => heading.current?.focus();
  return (
    <section aria-labelledby={id}>
      <SectionHeading id={id} ref={heading} title={waiting.title} count={offered.length + queued.length} />
      {isEmpty && <p className="mt-3 text-ink-soft">{waiting.none}</p>}
      <ul className="mt-3 space-y-3">
        {isGone && (
          <li>
            <Alert tone="info" title={waiting.goneTitle} announce={false}>
              <p>{waiting.gone}</p>
            </Alert>
          </li>
        )}
        {offered.map((entry) => (
          <li key={entry.id}>
            <OfferCard entry={entry} timeZone={timeZone} focusAfter={focusAfter} />
          </li>
        ))}
        {queued.map((entry) => (
          <li key={entry.id}>
            <QueuedEntry entry={entry} timeZone={timeZone} onLeft={focusAfter} />
          </li>
        ))}
        {ended.map((entry) => (
          <li key={entry.id}>
            <EndedEntry entry={entry} timeZone={timeZone} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A mail's link leads to its offer; only once, so that later changes leave the reader where they are. */
function useScrollToOffer(
  offerId: string | null,
  isLoaded: boolean,
  heading: RefObject<HTMLHeadingElement | null>,
): void {
  useEffect(() => {
    if (!offerId || !isLoaded) return;
    const shown = document.getElementById(`offer-${offerId}`) ?? heading.current;
    shown?.scrollIntoView({ block: "center" });
  }, [offerId, isLoaded, heading]);
}

type EntryProps = { entry: WaitlistEntry; timeZone: string };

function QueuedEntry({ entry, timeZone, onLeft }: EntryProps & { onLeft: () => void }) {
  const leave = useLeaveWaitlist();
  useLivePlaces(entry.expert_id);
  const name = entry.mentor.full_name;
  return (
    <Card className="flex items-center gap-3 p-4">
      <ListOrdered aria-hidden className="size-5 shrink-0 text-ink-soft" />
      <div className="min-w-0 flex-1 leading-snug">
        <EntryFacts entry={entry} timeZone={timeZone} />
        <p className="mt-1 text-sm font-semibold">{placeOf(entry)}</p>
      </div>
      <Button
        variant="ghost"
        size="icon"
        pending={leave.isPending}
        aria-label={waiting.leave(name, targetOf(entry, timeZone))}
        onClick={async () => {
          if (await leave.run(entry.id)) onLeft();
        }}
      >
        {!leave.isPending && <X aria-hidden className="size-5" />}
      </Button>
    </Card>
  );
}

function EndedEntry({ entry, timeZone }: EntryProps) {
  const { offer, state } = entry;
  const until = offer && formatDayAndTime(offer.expires_at, timeZone);
  return (
    <Card className="flex flex-wrap items-center gap-3 p-4">
      <CalendarX aria-hidden className="size-5 shrink-0 text-ink-soft" />
      <div className="min-w-0 flex-1 basis-56 leading-snug">
        <EntryFacts entry={entry} timeZone={timeZone} />
        <p className="mt-1 text-sm text-ink-soft">
          {state === "withdrawn" ? endings.withdrawn : until ? endings.lapsed(until) : endings.expired}
        </p>
      </div>
      <Link
        to={paths.bookTime(entry.mentor.username, { serviceId: entry.service_id, minutes: entry.duration })}
        className={buttonVariants({ variant: "secondary", size: "sm" })}
      >
        {endings.again}
      </Link>
    </Card>
  );
}

function EntryFacts({ entry, timeZone }: EntryProps) {
  return (
    <p>
      <Link
        to={paths.mentor(entry.mentor.username)}
        className="font-semibold text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2"
      >
        <bdi>{entry.mentor.full_name}</bdi>
      </Link>
      <span className="block tabular-nums">{targetOf(entry, timeZone)}</span>
      <span className="block text-sm text-ink-soft">
        {waiting.facts(entry.service_title, entry.duration)}
      </span>
    </p>
  );
}

/** What is waited for: a time on the reader's clock, or dates. */
function targetOf({ kind, starts_at, from, to }: WaitlistEntry, timeZone: string): string {
  if (starts_at !== null) {
    const time = formatDayAndTime(starts_at, timeZone);
    return kind === "group" ? waiting.groupAt(time) : time;
  }
  if (from === null || to === null) return "";
  return waiting.anyTime(from === to ? formatDate(from) : dateRange(formatDate(from), formatDate(to)));
}
