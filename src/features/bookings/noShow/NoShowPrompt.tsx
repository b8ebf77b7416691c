import { MessageCircleQuestion } from "lucide-react";
import type { Booking } from "#contract/bookings.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { noShowPrompt } from "#words/noShow.ts";
import { firstName } from "@/lib/names.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { ShortLabel } from "@/ui/ShortLabel.tsx";
import { Until } from "@/ui/Until.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { awaitsReplyOf } from "./noShowStatus.ts";

type NoShowPromptProps = { booking: Booking; as: BookingRole; timeZone: string; now: Date };

/** Asks a reported person in a list of sessions for a reply; nothing if none is awaited from the reader. */
export function NoShowPrompt({ booking, as, timeZone, now }: NoShowPromptProps) {
  if (!booking.no_show || !awaitsReplyOf(booking, as, now.getTime())) return null;
  const { reason, answer_until: until } = booking.no_show;
  const otherName = as === "mentor" ? booking.user_name : booking.mentor.full_name;
  return (
    <div className="space-y-2">
      <p>
        {withElements(noShowPrompt.text, {
          other: <bdi className="font-semibold">{firstName(otherName)}</bdi>,
          until: <Until instant={until} timeZone={timeZone} />,
        })}
      </p>
      {reason && (
        <blockquote className="rounded-control bg-sunken px-3 py-2 break-words whitespace-pre-line">
          {reason}
        </blockquote>
      )}
      <Link to={`${paths.session(booking.id)}#no-show`} className={buttonVariants({ size: "sm" })}>
        <MessageCircleQuestion aria-hidden className="size-4" />
        <ShortLabel short={noShowPrompt.reply} full={noShowPrompt.replyAbout(otherName)} />
      </Link>
    </div>
  );
}
