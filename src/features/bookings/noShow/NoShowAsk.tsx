import { MessageCircleQuestion } from "lucide-react";
import { Link } from "react-router";
import type { Booking } from "#contract/bookings.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { paths } from "@/lib/paths.ts";
import { buttonVariants } from "@/ui/Button.tsx";
import { Until } from "@/ui/Until.tsx";
import { awaitsAnswerOf } from "./noShowFacts.ts";
import { noShowWords } from "./noShowWords.ts";

type NoShowAskProps = { booking: Booking; as: BookingRole; timeZone: string; now: Date };

/** In a list: what the other side says, until when one may answer, and the way there. Nothing when one is not asked. */
export function NoShowAsk({ booking, as, timeZone, now }: NoShowAskProps) {
  const words = noShowWords(booking, as, now.getTime());
  if (!booking.no_show || !words || !awaitsAnswerOf(booking, as, now.getTime())) return null;
  const otherName = as === "mentor" ? booking.user_name : booking.mentor.full_name;
  return (
    <div className="space-y-2">
      <p>
        <strong className="font-semibold">{words.title}.</strong> You can answer until{" "}
        <Until instant={booking.no_show.answer_until} timeZone={timeZone} />. Without an answer it stands.
      </p>
      {booking.no_show.reason && (
        <blockquote className="rounded-control bg-sunken px-3 py-2 break-words whitespace-pre-line">
          {booking.no_show.reason}
        </blockquote>
      )}
      <Link to={`${paths.session(booking.id)}#no-show`} className={buttonVariants({ size: "sm" })}>
        <MessageCircleQuestion aria-hidden className="size-4" />
        Answer<span className="sr-only"> about the session with {otherName}</span>
      </Link>
    </div>
  );
}
