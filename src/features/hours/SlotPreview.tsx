import { CalendarSearch, CircleHelp } from "lucide-react";
import type { HoursPreview } from "#contract/ownHours.ts";
import { asMinutes, type LocalDate, type Minutes } from "#scheduling/units.ts";
import { controls } from "#words/controls.ts";
import { sessionLength } from "#words/durations.ts";
import { previewDays, slotPreview } from "#words/hours.ts";
import { ApiProblem } from "@/lib/api.ts";
import { formatDate, formatTime, type TypedDate, zoneCity } from "@/lib/time.ts";
import { Badge } from "@/ui/Badge.tsx";
import { Button } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { Select } from "@/ui/Select.tsx";
import { Loading } from "@/ui/Spinner.tsx";

type SlotPreviewProps = {
  preview: HoursPreview | undefined;
  error: Error | null;
  /** Whether a newer preview is on its way. */
  isBehind: boolean;
  hasDrafts: boolean;
  timeZone: string;
  today: LocalDate;
  from: TypedDate;
  onFromChange: (from: TypedDate) => void;
  lengths: readonly Minutes[];
  duration: Minutes;
  onDurationChange: (minutes: Minutes) => void;
  onExplain: (date: LocalDate) => void;
};

/** The slots that students would be offered from a date on, unsaved changes included. */
export function SlotPreview(props: SlotPreviewProps) {
  const { preview, error, isBehind, hasDrafts, lengths, duration } = props;
  return (
    <Card className="p-4 sm:p-5">
      <section aria-labelledby="preview">
        <h2 id="preview" className="flex items-center gap-2 text-heading">
          <CalendarSearch aria-hidden className="size-5 text-primary-text" />
          {slotPreview.title}
        </h2>
        <p className="mt-0.5 flex flex-wrap items-center gap-x-2 text-sm text-ink-soft">
          {slotPreview.timeZone} {hasDrafts && <Badge tone="accent">{slotPreview.drafts}</Badge>}
        </p>
        <div className="mt-4 grid grid-cols-2 gap-3 lg:grid-cols-1">
          <Field label={slotPreview.from}>
            {(control) => (
              <Input
                {...control}
                type="date"
                value={props.from}
                min={props.today}
                onChange={(event) => props.onFromChange(event.target.value)}
              />
            )}
          </Field>
          <Field label={slotPreview.length}>
            {(control) => (
              <Select
                {...control}
                value={duration}
                onChange={(event) => props.onDurationChange(asMinutes(Number(event.target.value)))}
              >
                {lengths.map((minutes) => (
                  <option key={minutes} value={minutes}>
                    {sessionLength(minutes)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        <div className="mt-4 min-h-24" aria-busy={isBehind}>
          {!preview && !error && <Loading>{controls.loading}</Loading>}
          {error && (
            <p role="alert" className="text-bad">
              {error instanceof ApiProblem ? error.detail : slotPreview.failed}
            </p>
          )}
          {preview && !error && (
            <ul aria-label={slotPreview.days} className="space-y-3">
              {preview.days.map((day) => (
                <PreviewDay key={day.date} day={day} {...props} />
              ))}
            </ul>
          )}
        </div>
      </section>
    </Card>
  );
}

type PreviewDayProps = Pick<SlotPreviewProps, "timeZone" | "onExplain"> & {
  day: HoursPreview["days"][number];
};

function PreviewDay({ day: { date, slots, reason }, timeZone, onExplain }: PreviewDayProps) {
  const away = slots.find((slot) => slot.mentor_timezone)?.mentor_timezone;
  return (
    <li>
      <div className="flex items-baseline justify-between gap-2">
        <h3 className="font-semibold">
          {formatDate(date, "short")}
          {slots.length > 0 && (
            <span className="ml-2 font-normal text-ink-soft">{slotPreview.times(slots.length)}</span>
          )}
        </h3>
        <Button
          variant="link"
          size="inline"
          onClick={() => onExplain(date)}
          aria-label={slotPreview.whyOn(formatDate(date))}
        >
          <CircleHelp aria-hidden className="size-4" />
          {slotPreview.why}
        </Button>
      </div>
      {reason && <p className="text-sm text-ink-soft">{previewDays[reason]}</p>}
      {away && <p className="text-sm text-ink-soft">{slotPreview.away(zoneCity(away))}</p>}
      {slots.length > 0 && (
        <ul aria-label={slotPreview.timesOn(formatDate(date))} className="mt-1 flex flex-wrap gap-1">
          {slots.map((slot) => (
            <li
              key={slot.starts_at}
              className="rounded-md border border-line bg-sunken px-1.5 py-0.5 text-sm tabular-nums"
            >
              {formatTime(slot.starts_at, slot.mentor_timezone ?? timeZone)}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
