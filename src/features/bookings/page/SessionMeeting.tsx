import { Link2 } from "lucide-react";
import { useState } from "react";
import { joinFactsOf } from "#contract/bookingFacts.ts";
import { decideJoining } from "#rules/joining.ts";
import { fromDate, HOUR_MS } from "#scheduling/units.ts";
import { sessionMeeting } from "#words/sessionPage.ts";
import type { SessionSide } from "@/features/bookings/sessionSide.ts";
import { Countdown } from "@/features/meetings/Countdown.tsx";
import { JoinEvents } from "@/features/meetings/JoinEvents.tsx";
import { JoinSession } from "@/features/meetings/JoinSession.tsx";
import { MeetingDialog } from "@/features/meetings/MeetingDialog.tsx";
import { useNow } from "@/lib/clock/useNow.ts";
import { Button } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";

/** Before the button opens there is nothing to ask for. */
const joinEventsFromMs = HOUR_MS;

/** The countdown to a confirmed session and the button to join; nothing once there is nothing to join. */
export function SessionMeeting({ side }: { side: SessionSide }) {
  const { booking, role, access, timeZone, other } = side;
  const now = useNow();
  const [isEditing, setIsEditing] = useState(false);
  if (decideJoining(joinFactsOf(booking), fromDate(now)).name === "never") return null;
  const { meeting_url: url, meeting_from: from } = booking;
  return (
    <Card className="p-4 sm:p-5">
      <h2 className="sr-only">{sessionMeeting.title}</h2>
      <div className="grid items-center gap-4 sm:grid-cols-2 sm:gap-6">
        <Countdown booking={booking} otherName={other.name} />
        <JoinSession booking={booking} as={role} timeZone={timeZone} access={access} />
      </div>
      {/* A signed link must not change where the student goes. */}
      {role === "mentor" && !access.token && (
        <div className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line pt-4">
          <p className="min-w-0 flex-1 basis-60 break-words">
            {url && <span className="block text-sm break-all text-ink-soft">{url}</span>}
            <span className="text-sm">
              {from === "session"
                ? sessionMeeting.ownLink
                : from === "made"
                  ? sessionMeeting.made
                  : from === "room"
                    ? sessionMeeting.room
                    : sessionMeeting.noLink}
            </span>
          </p>
          <Button variant="secondary" size="sm" onClick={() => setIsEditing(true)}>
            <Link2 aria-hidden className="size-4" />
            {from === "session" ? sessionMeeting.change : sessionMeeting.useAnother}
          </Button>
        </div>
      )}
      {now.getTime() >= Date.parse(booking.starts_at) - joinEventsFromMs && (
        <div className="mt-4 empty:hidden">
          <JoinEvents {...{ booking, role, access, timeZone }} />
        </div>
      )}
      {isEditing && <MeetingDialog booking={booking} onClose={() => setIsEditing(false)} />}
    </Card>
  );
}
