import { windowHours } from "#rules/windows.ts";
import { SessionTimes } from "@/features/bookings/SessionTimes.tsx";
import type { SessionSide } from "@/features/bookings/sessionSide.ts";
import { ConfirmDialog } from "@/ui/ConfirmDialog.tsx";
import { ReasonDialog } from "@/ui/ReasonDialog.tsx";
import { useNoShow } from "./useNoShow.ts";

export type NoShowStep = "claim" | "agree" | "dispute" | "withdraw";
type NoShowDialogProps = {
  step: NoShowStep;
  side: SessionSide;
  onClose: () => void;
  focusAfter: () => void;
};

/** Asks once more, with room for a few words, before something is said about who came. */
export function NoShowDialog({ step, side, onClose, focusAfter }: NoShowDialogProps) {
  const { booking, timeZone, other } = side;
  const { name } = other;
  const steps = useNoShow(side);
  if (step === "withdraw") {
    return (
      <ConfirmDialog
        title="Take it back?"
        confirmWords="Take it back"
        keepWords="Leave it"
        onClose={onClose}
        onConfirm={steps.withdraw}
        focusAfter={focusAfter}
      >
        <p>
          {name} is told that you no longer say so. You cannot say it again about this session; {name} still
          can about you.
        </p>
      </ConfirmDialog>
    );
  }
  const words = {
    claim: {
      title: `${name} did not come?`,
      meaning: `${name} has ${windowHours.noShowAnswer} hours to answer. Without an answer it stands, and the session does not count as held.`,
      keepWords: "Back",
      confirmWords: `${name} did not come`,
    },
    agree: {
      title: "You did not come?",
      meaning: "Then it stands: the session does not count as held. This cannot be undone.",
      keepWords: "Back",
      confirmWords: "I did not come",
    },
    dispute: {
      title: "You were there?",
      meaning:
        "Then neither word counts more than the other, and the session counts as held. This cannot be undone.",
      keepWords: "Back",
      confirmWords: "I was there",
    },
  }[step];
  return (
    <ReasonDialog
      title={words.title}
      reasonLabel={`A few words for ${name}`}
      reasonHint={`${name} will read this.`}
      keepWords={words.keepWords}
      confirmWords={words.confirmWords}
      confirmVariant={step === "dispute" ? "primary" : "danger"}
      onClose={onClose}
      onConfirm={steps[step]}
      focusAfter={focusAfter}
    >
      <p className="mb-2 text-lg font-bold">
        {booking.service_title} with {other.fullName}
      </p>
      <SessionTimes booking={booking} timeZone={timeZone} other={other} />
      <p className="mt-3 text-ink-soft">{words.meaning}</p>
    </ReasonDialog>
  );
}
