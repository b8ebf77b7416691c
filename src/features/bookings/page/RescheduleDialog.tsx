import { useState } from "react";
import type { SessionSide } from "@/features/bookings/sessionSide.ts";
import { setViewerTimeZone, useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { isUnknownToServer } from "@/lib/zones/zoneRules.ts";
import { Dialog } from "@/ui/Dialog.tsx";
import { RescheduleConfirm } from "./RescheduleConfirm.tsx";
import { RescheduleTimes } from "./RescheduleTimes.tsx";
import { useReschedule } from "./useReschedule.ts";

type RescheduleDialogProps = { side: SessionSide; onClose: () => void };

/** Another time for a session: first the time, then both times once more before it is moved. */
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
      onOpenChange={(open) => !open && !reschedule.isMoving && onClose()}
      title="Reschedule"
      description={`${side.booking.service_title} with ${side.other.fullName}`}
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
          onConfirm={(reason) => reschedule.move(step.startsAt, timeZone, reason)}
        />
      )}
    </Dialog>
  );
}
