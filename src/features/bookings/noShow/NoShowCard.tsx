import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { afterSessionFactsOf, noShowClaimOf } from "#contract/bookingFacts.ts";
import { decideAnswer, decideClaim, decideWithdrawal } from "#rules/noShow.ts";
import { windowMs } from "#rules/windows.ts";
import { fromDate } from "#scheduling/units.ts";
import { noShowCard } from "#words/noShow.ts";
import type { SessionSide } from "@/features/bookings/sessionSide.ts";
import { JoinEvents } from "@/features/meetings/JoinEvents.tsx";
import { sessionReviewQuery } from "@/features/reviews/queries.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { useLocation } from "@/lib/router/router.tsx";
import { timeUntil } from "@/lib/sessionTime.ts";
import { Button } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { Until } from "@/ui/Until.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { NoShowDialog, type NoShowStep } from "./NoShowDialog.tsx";
import { noShowReport } from "./noShowStatus.ts";

type NoShowCardProps = { side: SessionSide; focusAfter: () => void };

/** After a session: the no-show report with its replies, or the way to report one. */
export function NoShowCard({ side, focusAfter }: NoShowCardProps) {
  const { booking, role, access, timeZone, other } = side;
  const id = useId();
  const now = useNow();
  const [step, setStep] = useState<NoShowStep | null>(null);
  const section = useRef<HTMLElement>(null);
  const { hash } = useLocation();
  // The browser looks for the anchor of the address before this section exists.
  useEffect(() => {
    if (hash === "#no-show") section.current?.scrollIntoView();
  }, [hash]);
  // A link only shows the report: reporting and replying require a login.
  const isSignedIn = !access.token;
  const mayClaim = decideClaim(role, afterSessionFactsOf(booking), fromDate(now)).ok && isSignedIn;
  const isReviewed = useIsReviewed(side, mayClaim);
  const report = noShowReport(booking, role, now.getTime());
  const claim = booking.no_show;
  const mayAnswer = decideAnswer(role, noShowClaimOf(booking), fromDate(now)).ok;
  const mayWithdraw = decideWithdrawal(role, noShowClaimOf(booking), fromDate(now)).ok;
  const isOffered = mayClaim && !isReviewed;
  // The open dialog still shows why its step was refused.
  if (!report && !isOffered && !step) return null;
  const isReporter = claim?.claimed_by === role;
  const messageTitle = (isOwn: boolean) =>
    isOwn ? noShowCard.yourMessage : noShowCard.messageOf(other.name);

  return (
    <Card className="p-4 sm:p-5">
      <section ref={section} id="no-show" aria-labelledby={id} className="scroll-mt-24 space-y-3">
        <h2 id={id} className="text-heading">
          {report ? report.title : noShowCard.offer(other.name)}
        </h2>
        {claim?.reason && <Message title={messageTitle(isReporter)}>{claim.reason}</Message>}
        {claim?.answer && <Message title={messageTitle(!isReporter)}>{claim.answer}</Message>}
        {report && <p>{report.meaning}</p>}
        <JoinEvents {...{ booking, role, access, timeZone }} />
        {claim && (mayAnswer || mayWithdraw) && (
          <p className="text-sm text-ink-soft">
            {withElements(mayAnswer ? noShowCard.youCanReply : noShowCard.otherCanReply, {
              other: <bdi>{other.name}</bdi>,
              until: (
                <strong className="font-semibold text-ink">
                  <Until instant={claim.answer_until} timeZone={timeZone} />
                </strong>
              ),
              left: timeUntil(claim.answer_until, now),
            })}
          </p>
        )}
        {mayAnswer && !isSignedIn && <p className="text-ink-soft">{noShowCard.signIn}</p>}
        {isSignedIn && (mayAnswer || mayWithdraw) && (
          <div className="flex flex-wrap gap-2">
            {mayAnswer && (
              <>
                <Button onClick={() => setStep("dispute")}>{noShowCard.dispute}</Button>
                <Button variant="secondary" onClick={() => setStep("agree")}>
                  {noShowCard.agree}
                </Button>
              </>
            )}
            {mayWithdraw && (
              <Button variant="secondary" onClick={() => setStep("withdraw")}>
                {noShowCard.withdraw}
              </Button>
            )}
          </div>
        )}
        {isOffered && (
          <>
            <p className="text-ink-soft">
              {withElements(noShowCard.offerText, {
                other: <bdi>{other.name}</bdi>,
                until: (
                  <Until
                    instant={new Date(Date.parse(booking.ends_at) + windowMs("noShowReport"))}
                    timeZone={timeZone}
                  />
                ),
              })}
            </p>
            <Button variant="secondary" onClick={() => setStep("claim")}>
              {noShowCard.report}
            </Button>
          </>
        )}
      </section>
      {step && <NoShowDialog step={step} side={side} onClose={() => setStep(null)} focusAfter={focusAfter} />}
    </Card>
  );
}

/** Whether the session was reviewed: then a no-show can no longer be reported. */
function useIsReviewed({ booking }: SessionSide, isAsked: boolean): boolean {
  const { data } = useQuery({
    ...sessionReviewQuery(booking.id),
    enabled: isAsked && booking.status === "completed",
  });
  return Boolean(data?.review);
}

function Message({ title, children }: { title: string; children: ReactNode }) {
  return (
    <figure>
      <figcaption className="text-sm text-ink-soft">{title}</figcaption>
      <blockquote className="mt-1 rounded-control bg-sunken px-3 py-2 break-words whitespace-pre-line">
        {children}
      </blockquote>
    </figure>
  );
}
