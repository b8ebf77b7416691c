import { useQueryClient } from "@tanstack/react-query";
import { Hourglass, Moon } from "lucide-react";
import { useCallback, useId, useState } from "react";
import type { WaitlistOffer } from "#contract/waitlist.ts";
import { offerNight } from "#rules/waitlist.ts";
import { withPerson } from "#words/sessions.ts";
import { waiting, offer as words } from "#words/waitlist.ts";
import { useClock } from "@/lib/clock/useClock.ts";
import { countdownText, untilNextText } from "@/lib/countdown.ts";
import { lazyPart } from "@/lib/lazyPart.ts";
import { paths } from "@/lib/paths.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { refreshIfRefused } from "@/lib/refreshIfRefused.ts";
import { Link } from "@/lib/router/router.tsx";
import { formatClock, formatTimeRange } from "@/lib/sessionTime.ts";
import { formatDayAndTime, formatLongDay, formatTime } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { Badge } from "@/ui/Badge.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { ConfirmDialog } from "@/ui/ConfirmDialog.tsx";
import { useReducedMotion } from "@/ui/useReducedMotion.ts";
import { withElements } from "@/ui/withElements.tsx";
import { passOffer } from "./api.ts";
import { type OfferedEntry, spansNight } from "./waitlistState.ts";

const AcceptDialog = lazyPart(() => import("./AcceptDialog.tsx").then((file) => file.AcceptDialog));

type OfferCardProps = { entry: OfferedEntry; timeZone: string; focusAfter: () => void };

/** A time that is kept for the reader: until when, and the two answers. */
export function OfferCard({ entry, timeZone, focusAfter }: OfferCardProps) {
  const titleId = useId();
  const queryClient = useQueryClient();
  const [asked, setAsked] = useState<"accept" | "pass" | null>(null);
  const { offer, mentor } = entry;
  const time = formatDayAndTime(offer.starts_at, timeZone);
  const refresh = () => queryClient.invalidateQueries({ queryKey: queryKeys.bookings });
  return (
    <Card className="overflow-hidden border-primary">
      <article id={`offer-${offer.id}`} aria-labelledby={titleId} className="grid sm:grid-cols-[1fr_auto]">
        <div className="min-w-0 space-y-2 p-4 sm:p-5">
          <Badge tone="accent">
            <Hourglass aria-hidden />
            {words.title}
          </Badge>
          <h3 id={titleId} className="text-heading">
            {waiting.facts(entry.service_title, entry.duration)}
          </h3>
          <p className="text-ink-soft">
            {withElements(withPerson, {
              name: (
                <Link
                  to={paths.mentor(mentor.username)}
                  className="font-semibold text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2"
                >
                  <bdi>{mentor.full_name}</bdi>
                </Link>
              ),
            })}
          </p>
          <p className="font-semibold">
            <time dateTime={offer.starts_at}>
              {formatLongDay(offer.starts_at, timeZone)}
              <span className="block tabular-nums">
                {formatTimeRange(offer.starts_at, offer.ends_at, timeZone)}
              </span>
            </time>
          </p>
          {offer.is_final && <p className="font-semibold text-bad">{words.final}</p>}
        </div>
        <div className="flex flex-col justify-center gap-4 bg-primary-soft p-4 sm:w-64 sm:p-5">
          {offer.booking_id ? (
            <>
              <p>{words.unpaid}</p>
              <Link to={paths.pay(offer.booking_id)} className={buttonVariants()}>
                {words.pay}
              </Link>
            </>
          ) : (
            <>
              <KeptUntil offer={offer} timeZone={timeZone} />
              <div className="grid grid-cols-2 gap-2">
                <Button
                  aria-label={words.acceptOf(mentor.full_name, time)}
                  onClick={() => setAsked("accept")}
                  onPointerEnter={AcceptDialog.preload}
                  onFocus={AcceptDialog.preload}
                >
                  {words.accept}
                </Button>
                <Button
                  variant="secondary"
                  aria-label={words.passOf(mentor.full_name, time)}
                  onClick={() => setAsked("pass")}
                >
                  {words.pass}
                </Button>
              </div>
            </>
          )}
        </div>
      </article>
      {asked === "accept" && (
        <AcceptDialog entry={entry} timeZone={timeZone} onClose={() => setAsked(null)} />
      )}
      {asked === "pass" && (
        <ConfirmDialog
          title={words.passTitle}
          confirmLabel={words.pass}
          keepLabel={words.keep}
          onClose={() => setAsked(null)}
          onConfirm={async () => {
            await refreshIfRefused(passOffer(offer.id), refresh);
            toast.success(words.passed);
            await refresh();
          }}
          focusAfter={focusAfter}
        >
          <p>{entry.kind === "days" ? words.passDays : words.passText}</p>
        </ConfirmDialog>
      )}
    </Card>
  );
}

/** The end of the countdown on the reader's clock, and how long that is. */
function KeptUntil({ offer, timeZone }: { offer: WaitlistOffer; timeZone: string }) {
  const until = Date.parse(offer.expires_at);
  const withSeconds = !useReducedMotion();
  const now = useClock(
    useCallback((at: number) => untilNextText(until, at, withSeconds), [until, withSeconds]),
  ).getTime();
  const isPaused = offer.paused_until !== null && Date.parse(offer.paused_until) > now;
  return (
    <div className="leading-snug">
      <p className="font-semibold">{words.until(formatDayAndTime(offer.expires_at, timeZone))}</p>
      {isPaused && offer.paused_until ? (
        <p className="mt-1 flex items-center gap-2 text-sm">
          <Moon aria-hidden className="size-4 shrink-0" />
          {words.paused(formatTime(offer.paused_until, timeZone))}
        </p>
      ) : (
        <p role="timer" className="mt-1 text-sm tabular-nums">
          {until <= now ? words.ended : words.ends(countdownText(until, now, withSeconds))}
        </p>
      )}
      {!isPaused && spansNight(offer) && (
        <p className="mt-1 text-sm">
          {words.pauses(formatClock(offerNight.from), formatClock(offerNight.until))}
        </p>
      )}
    </div>
  );
}
