import { CalendarSearch, CircleHelp } from "lucide-react";
import type { HoursPreview } from "#contract/hours.ts";
import { sessionLength } from "#words/durations.ts";
import { emptyDays } from "#words/slots.ts";
import { ApiProblem } from "@/lib/api.ts";
import { formatDate, formatTime, zoneCity } from "@/lib/time.ts";
import { countWords } from "@/lib/words.ts";
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
  /** The preview on show is that of something typed since. */
  isBehind: boolean;
  hasDrafts: boolean;
  mentorName: string;
  timeZone: string;
  today: string;
  from: string;
  onFromChange: (date: string) => void;
  lengths: readonly number[];
  duration: number;
  onDurationChange: (minutes: number) => void;
  onExplain: (date: string) => void;
};

/** What students are offered on the days from a date on: of what is saved and of what is only typed yet. */
export function SlotPreview(props: SlotPreviewProps) {
  const { preview, error, isBehind, hasDrafts, lengths, duration } = props;
  return (
    <Card className="p-4 sm:p-5">
      <section aria-labelledby="preview">
        <h2 id="preview" className="flex items-center gap-2 text-heading">
          <CalendarSearch aria-hidden className="size-5 text-primary-text" />
          What students see
        </h2>
        <p className="mt-0.5 flex flex-wrap items-center gap-x-2 text-sm text-ink-soft">
          On your clock. {hasDrafts && <Badge tone="accent">with what you typed</Badge>}
        </p>
        <div className="mt-4 grid grid-cols-2 gap-3 lg:grid-cols-1">
          <Field label="Days from">
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
          <Field label="Length">
            {(control) => (
              <Select
                {...control}
                value={duration}
                onChange={(event) => props.onDurationChange(Number(event.target.value))}
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
          {!preview && !error && <Loading>Looking…</Loading>}
          {error && (
            <p role="alert" className="text-bad">
              {error instanceof ApiProblem ? error.detail : "The times could not be loaded."}
            </p>
          )}
          {preview && !error && (
            <ul aria-label="Days" className="space-y-3">
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

type PreviewDayProps = Pick<SlotPreviewProps, "timeZone" | "mentorName" | "onExplain"> & {
  day: HoursPreview["days"][number];
};

function PreviewDay({ day: { date, slots, reason }, timeZone, mentorName, onExplain }: PreviewDayProps) {
  const away = slots.find((slot) => slot.mentor_timezone)?.mentor_timezone;
  return (
    <li>
      <div className="flex items-baseline justify-between gap-2">
        <h3 className="font-semibold">
          {formatDate(date, "short")}
          {slots.length > 0 && (
            <span className="font-normal text-ink-soft">: {countWords(slots.length, "time")}</span>
          )}
        </h3>
        <Button variant="link" size="inline" onClick={() => onExplain(date)}>
          <CircleHelp aria-hidden className="size-4" />
          Why?<span className="sr-only"> {formatDate(date)}</span>
        </Button>
      </div>
      {reason && <p className="text-sm text-ink-soft">{emptyDays[reason](mentorName)}</p>}
      {away && (
        <p className="text-sm text-ink-soft">You are in {zoneCity(away)}; the times are those there.</p>
      )}
      {slots.length > 0 && (
        <ul aria-label={`Times on ${formatDate(date)}`} className="mt-1 flex flex-wrap gap-1">
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
