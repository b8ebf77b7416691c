import { controls } from "#words/controls.ts";
import { noShowDialogs } from "#words/noShow.ts";
import { bookedWith } from "#words/sessions.ts";
import { SessionTimes } from "@/features/bookings/SessionTimes.tsx";
import type { SessionSide } from "@/features/bookings/sessionSide.ts";
import { ConfirmDialog } from "@/ui/ConfirmDialog.tsx";
import { ReasonDialog } from "@/ui/ReasonDialog.tsx";
import { useNoShow } from "./useNoShow.ts";

export type NoShowStep = keyof typeof noShowDialogs;
type NoShowDialogProps = {
  step: NoShowStep;
  side: SessionSide;
  onClose: () => void;
  focusAfter: () => void;
};

/** Asks before a no-show is reported, confirmed, disputed or withdrawn, with room for a message. */
export function NoShowDialog({ step, side, onClose, focusAfter }: NoShowDialogProps) {
  const { booking, timeZone, other } = side;
  const steps = useNoShow(side);
  const { title, text, confirm } = noShowDialogs[step];
  if (step === "withdraw") {
    return (
      <ConfirmDialog
        title={title(other.name)}
        confirmLabel={confirm}
        keepLabel={noShowDialogs.withdraw.keep}
        onClose={onClose}
        onConfirm={steps.withdraw}
        focusAfter={focusAfter}
      >
        <p>{text(other.name)}</p>
      </ConfirmDialog>
    );
  }
  return (
    <ReasonDialog
      title={title(other.name)}
      recipient={other.name}
      keepLabel={controls.back}
      confirmLabel={confirm}
      confirmVariant={step === "dispute" ? "primary" : "danger"}
      onClose={onClose}
      onConfirm={steps[step]}
      focusAfter={focusAfter}
    >
      <p className="mb-2 text-lg font-bold">
        {bookedWith({ service: booking.service_title, other: other.fullName })}
      </p>
      <SessionTimes booking={booking} timeZone={timeZone} other={other} />
      <p className="mt-3 text-ink-soft">{text(other.name)}</p>
    </ReasonDialog>
  );
}
