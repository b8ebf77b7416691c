import { useState } from "react";
import { reschedule as words } from "#words/sessionPage.ts";
import { bookedWith } from "#words/sessions.ts";
import type { SessionSide } from "@/features/bookings/sessionSide.ts";
import { setViewerTimeZone, useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { isUnknownToServer } from "@/lib/zones/zoneRules.ts";
import { Dialog } from "@/ui/Dialog.tsx";
import { RescheduleConfirm } from "./RescheduleConfirm.tsx";
import { RescheduleTimes } from "./RescheduleTimes.tsx";
import { useReschedule } from "./useReschedule.ts";

type RescheduleDialogProps = { side: SessionSide; onClose: () => void };

/** Reschedules a session: pick a new time, then confirm it. */
export function RescheduleDialog({ side, onClose }: RescheduleDialogProps) {
  const viewerTimeZone = useViewerTimeZone();
  const [mentorsChoice, setMentorsChoice] = useState(side.timeZone);
  const mentorsZone = isUnknownToServer(mentorsChoice) ? side.timeZone : mentorsChoice;
  const timeZone = side.role === "mentor" ? mentorsZone : viewerTimeZone;
  const changeTimeZone = side.role === "mentor" ? setMentorsChoice : setViewerTimeZone;
  const reschedule = useReschedule(side, onClose);
  const shown = { ...side, timeZone };
  const { step } = reschedule;
  return (
    <Dialog
      open
      size="lg"
      onClose={() => !reschedule.isMoving && onClose()}
      title={words.title}
      description={bookedWith({ service: side.booking.service_title, other: side.other.fullName })}
    >
      {step.name === "time" ? (
        <RescheduleTimes
          side={shown}
          startsAt={step.startsAt}
          refusal={reschedule.refusal}
          onTimeZoneChange={changeTimeZone}
          onSelect={reschedule.select}
          onContinue={reschedule.review}
        />
      ) : (
        <RescheduleConfirm
          side={shown}
          startsAt={step.startsAt}
          refusal={reschedule.refusal}
          isMoving={reschedule.isMoving}
          onBack={reschedule.back}
          onConfirm={(reason, withLater) => reschedule.move(step.startsAt, timeZone, reason, withLater)}
        />
      )}
    </Dialog>
  );
}
