import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useLocation } from "react-router";
import { decideAnswer, decideClaim, decideWithdrawal } from "#rules/noShow.ts";
import { windowMs } from "#rules/windows.ts";
import type { SessionSide } from "@/features/bookings/sessionSide.ts";
import { sessionReviewQuery } from "@/features/reviews/queries.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { timeUntil } from "@/lib/sessionTime.ts";
import { Button } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { Until } from "@/ui/Until.tsx";
import { NoShowDialog, type NoShowStep } from "./NoShowDialogs.tsx";
import { afterFactsOf, claimOf } from "./noShowFacts.ts";
import { noShowWords } from "./noShowWords.ts";

type NoShowCardProps = { side: SessionSide; focusAfter: () => void };

/** After a session: what was said about who came, what there is to answer, and the way to say it oneself. */
export function NoShowCard({ side, focusAfter }: NoShowCardProps) {
  const { booking, role, access, timeZone, other } = side;
  const id = useId();
  const now = useNow();
  const [step, setStep] = useState<NoShowStep | null>(null);
  const section = useRef<HTMLElement>(null);
  const { hash } = useLocation();
  // The browser looked for the address's "#no-show" before it was there.
  useEffect(() => {
    if (hash === "#no-show") section.current?.scrollIntoView();
  }, [hash]);
  // Who comes by a link reads along; whose word it is wants a login.
  const isSignedIn = !access.token;
  const mayClaim = decideClaim(role, afterFactsOf(booking), now.getTime()).ok && isSignedIn;
  const isReviewed = useIsReviewed(side, mayClaim);
  const words = noShowWords(booking, role, now.getTime());
  const claim = booking.no_show;
  const mayAnswer = decideAnswer(role, claimOf(booking), now.getTime()).ok;
  const mayWithdraw = decideWithdrawal(role, claimOf(booking), now.getTime()).ok;
  const isOffered = mayClaim && !isReviewed;
  // What was just refused is still being said in the dialog.
  if (!words && !isOffered && !step) return null;
  const said = (who: "claimer" | "other") =>
    (claim?.claimed_by === role) === (who === "claimer") ? "Your words" : `${other.name}’s words`;

  return (
    <Card className="p-4 sm:p-5">
      <section ref={section} id="no-show" aria-labelledby={id} className="scroll-mt-24 space-y-3">
        <h2 id={id} className="text-heading">
          {words ? words.title : `Did ${other.name} not come?`}
        </h2>
        {claim?.reason && <Words title={said("claimer")}>{claim.reason}</Words>}
        {claim?.answer && <Words title={said("other")}>{claim.answer}</Words>}
        {words && <p>{words.meaning}</p>}
        {claim && (mayAnswer || mayWithdraw) && (
          <p className="text-sm">
            <span className="font-semibold">
              {mayAnswer ? "You can answer" : `${other.name} can answer`} until{" "}
              <Until instant={claim.answer_until} timeZone={timeZone} />
            </span>
            <span className="text-ink-soft">, {timeUntil(claim.answer_until, now)}.</span>
          </p>
        )}
        {mayAnswer && !isSignedIn && <p className="text-ink-soft">To answer, please sign in.</p>}
        {isSignedIn && (mayAnswer || mayWithdraw) && (
          <div className="flex flex-wrap gap-2">
            {mayAnswer && (
              <>
                <Button onClick={() => setStep("dispute")}>I was there</Button>
                <Button variant="secondary" onClick={() => setStep("agree")}>
                  I did not come
                </Button>
              </>
            )}
            {mayWithdraw && (
              <Button variant="secondary" onClick={() => setStep("withdraw")}>
                Take it back
              </Button>
            )}
          </div>
        )}
        {isOffered && (
          <>
            <p className="text-ink-soft">
              If you were there and <bdi>{other.name}</bdi> was not, you can say so until{" "}
              <Until
                instant={new Date(Date.parse(booking.ends_at) + windowMs("noShowReport"))}
                timeZone={timeZone}
              />
              .
            </p>
            <Button variant="secondary" onClick={() => setStep("claim")}>
              <bdi>{other.name}</bdi> did not come
            </Button>
          </>
        )}
      </section>
      {step && <NoShowDialog step={step} side={side} onClose={() => setStep(null)} focusAfter={focusAfter} />}
    </Card>
  );
}

/** A session that was reviewed took place: nobody can say otherwise. */
function useIsReviewed({ booking }: SessionSide, isAsked: boolean): boolean {
  const { data } = useQuery({
    ...sessionReviewQuery(booking.id),
    enabled: isAsked && booking.status === "completed",
  });
  return Boolean(data?.review);
}

function Words({ title, children }: { title: string; children: ReactNode }) {
  return (
    <figure>
      <figcaption className="text-sm text-ink-soft">{title}</figcaption>
      <blockquote className="mt-1 rounded-control bg-sunken px-3 py-2 break-words whitespace-pre-line">
        {children}
      </blockquote>
    </figure>
  );
}
