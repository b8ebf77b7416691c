import { useQueryClient } from "@tanstack/react-query";
import { Hourglass } from "lucide-react";
import { useId, useState } from "react";
import { withPerson } from "#words/sessions.ts";
import { waiting, offer as words } from "#words/waitlist.ts";
import { lazyPart } from "@/lib/lazyPart.ts";
import { paths } from "@/lib/paths.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { refreshIfRefused } from "@/lib/refreshIfRefused.ts";
import { Link } from "@/lib/router/router.tsx";
import { formatTimeRange } from "@/lib/sessionTime.ts";
import { formatDayAndTime, formatLongDay } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { Badge } from "@/ui/Badge.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { ConfirmDialog } from "@/ui/ConfirmDialog.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { passOffer } from "./api.ts";
import { KeptUntil } from "./KeptUntil.tsx";
import type { OfferedEntry } from "./waitlistState.ts";

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
