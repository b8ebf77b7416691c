import { ArrowLeft } from "lucide-react";
import type { CSSProperties } from "react";
import type { Mentor } from "#contract/mentors.ts";
import type { Slot } from "#contract/slots.ts";
import { type EpochMs, parseInstant } from "#scheduling/units.ts";
import { bookingDialog, timeStep } from "#words/book.ts";
import { controls } from "#words/controls.ts";
import { timeZones } from "#words/times.ts";
import { cn } from "@/lib/classNames.ts";
import { firstViewId } from "@/lib/firstView.ts";
import { firstName } from "@/lib/names.ts";
import { paths } from "@/lib/paths.ts";
import { zoneOption } from "@/lib/time.ts";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import {
  CloseLabel,
  DialogBody,
  DialogHeader,
  dialogClose,
  dialogFrame,
  dialogScrim,
  dialogTitle,
} from "@/ui/Dialog.tsx";
import { Select } from "@/ui/Select.tsx";
import { StepHeading } from "@/ui/StepHeading.tsx";
import { TimeZoneField, zoneSelect } from "@/ui/TimeZonePicker.tsx";
import { withElements } from "@/ui/withElements.tsx";
import type { Choice } from "./bookingStep.ts";
import { NextTimesFrame, NoFreeTimes, SHOWN_FIRST } from "./NextFreeTimes.tsx";
import { RequestNote } from "./RequestNote.tsx";
import { StepFooter } from "./StepFooter.tsx";
import { StepProgress } from "./StepProgress.tsx";
import { TimeFace, timeClasses } from "./TimeFace.tsx";
import { timeTexts } from "./timeTexts.ts";

type FirstTimesProps = {
  mentor: Mentor;
  choice: Choice;
  /** The first available starts, earliest first. */
  slots: readonly Slot[];
  chosen: EpochMs | null;
};

/**
 * The second step of the booking as the document has it before the app has loaded: the same elements in the same places. The
 * server does not know the viewer's time zone, so it writes the times by the mentor's clock, which the zone's field names;
 * src/app/firstLoad/firstTimes.ts rewrites both. Without JavaScript they stay so, and are links.
 */
export function FirstTimes({ mentor, choice, slots, chosen }: FirstTimesProps) {
  const { timezone, username } = mentor;
  const name = firstName(mentor.full_name);
  const hidden = slots.length - SHOWN_FIRST;
  return (
    <div
      id={firstViewId}
      data-free={linkClasses(false)}
      data-chosen={linkClasses(true)}
      // Above the app's own dialog.
      className="relative z-60"
      style={{ "--visible": "100dvh" } as CSSProperties}
    >
      <div className={dialogScrim} />
      <section aria-labelledby="first-title" className={dialogFrame("lg")}>
        <h1 className="sr-only">{mentor.full_name}</h1>
        <DialogHeader
          close={
            <a href={paths.mentor(username)} className={dialogClose}>
              <CloseLabel />
            </a>
          }
        >
          <h2 id="first-title" className={dialogTitle}>
            {bookingDialog.title(name)}
          </h2>
        </DialogHeader>
        <StepProgress current="time" />
        <DialogBody>
          <StepHeading>{timeStep.title}</StepHeading>
          <RequestNote mentor={mentor} choice={choice} className="mb-5" />
          <div className="space-y-6">
            <TimeZoneField id="first-zone">
              <Select id="first-zone" className={zoneSelect}>
                <option data-part="zone">{zoneOption(timezone)}</option>
              </Select>
              <p
                hidden
                data-part="device"
                className="flex flex-wrap items-baseline gap-x-3 text-sm text-ink-soft"
              >
                <span>{withElements(({ city }) => timeZones.deviceIs(city), city)}</span>
                <button
                  type="button"
                  data-part="use-device"
                  className={cn(buttonVariants({ variant: "link", size: "inline" }), "-ml-1")}
                >
                  {withElements(({ city }) => timeZones.switchToDevice(city), city)}
                </button>
              </p>
            </TimeZoneField>
            {slots.length === 0 ? (
              <NoFreeTimes />
            ) : (
              <NextTimesFrame
                id="first-next"
                more={
                  hidden > 0 && (
                    // Room for the button that shows more times.
                    <span
                      aria-hidden
                      className={cn(buttonVariants({ variant: "link", size: "inline" }), "invisible mt-1")}
                    >
                      {hidden}
                    </span>
                  )
                }
              >
                {slots.slice(0, SHOWN_FIRST).map((slot) => (
                  <li key={slot.starts_at}>
                    <TimeLink mentor={mentor} choice={choice} slot={slot} chosen={chosen} />
                  </li>
                ))}
              </NextTimesFrame>
            )}
            <p data-part="no-script">{timeStep.needsScript}</p>
          </div>
        </DialogBody>
        <StepFooter
          choice={choice}
          total={null}
          action={
            <>
              <a
                href={paths.bookService(username)}
                aria-label={controls.back}
                className={cn(buttonVariants({ variant: "ghost", size: "icon" }), "border-line")}
              >
                <ArrowLeft aria-hidden className="size-5" />
              </a>
              <Button disabled className="flex-1">
                {controls.continue}
              </Button>
            </>
          }
        >
          <p data-part="missing" hidden={chosen !== null} className="text-sm text-ink-soft">
            {timeStep.missing}
          </p>
        </StepFooter>
      </section>
    </div>
  );
}

const city = { city: <span data-part="city" /> };

function linkClasses(chosen: boolean): string {
  return cn(timeClasses(chosen), "h-full w-full");
}

type TimeLinkProps = Pick<FirstTimesProps, "mentor" | "choice" | "chosen"> & { slot: Slot };

function TimeLink({ mentor, choice, slot, chosen }: TimeLinkProps) {
  const startsAt = parseInstant(slot.starts_at);
  const there = slot.mentor_timezone ?? mentor.timezone;
  const { day, time, mentorTime } = timeTexts(startsAt, mentor.timezone, there);
  const isChosen = startsAt === chosen;
  return (
    <a
      href={paths.bookTime(mentor.username, {
        serviceId: choice.service.id,
        minutes: choice.minutes,
        at: slot.starts_at,
      })}
      aria-current={isChosen || undefined}
      data-starts-at={startsAt}
      data-zone={there}
      className={linkClasses(isChosen)}
    >
      <TimeFace
        day={<span data-part="day">{day}</span>}
        time={<span data-part="time">{time}</span>}
        mentorTime={<span data-part="mentor-time">{mentorTime}</span>}
        isSameClock={mentorTime === null}
        mentorName={firstName(mentor.full_name)}
        seatsLeft={slot.seats_left}
        selected={isChosen}
      />
    </a>
  );
}
