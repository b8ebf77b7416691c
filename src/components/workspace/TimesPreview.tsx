import { useQuery } from "@tanstack/react-query";
import { CalendarSearch } from "lucide-react";
import { useState } from "react";
import { Card } from "@/components/ui/Card";
import { Field } from "@/components/ui/Field";
import { Input } from "@/components/ui/Input";
import { Select } from "@/components/ui/Select";
import { Loading } from "@/components/ui/Spinner";
import { ownServicesQuery } from "@/lib/ownQueries";
import { slotsQuery } from "@/lib/queries";
import { addDays, formatDate, formatMinutes, formatTime } from "@/lib/time";
import { countWords } from "@/lib/words";
import type { AvailabilitySlot, BlockedDate } from "../../../contract/availability";
import type { MentorProfile } from "../../../contract/mentors";
import { whyNoTimes } from "./whyNoTimes";

type TimesPreviewProps = {
  profile: MentorProfile;
  hours: readonly AvailabilitySlot[];
  daysOff: readonly BlockedDate[];
  today: string;
};

/** What students are offered on a day, from the same answer that they get; and why there is nothing. */
export function TimesPreview({ profile, hours, daysOff, today }: TimesPreviewProps) {
  const [date, setDate] = useState(() => addDays(today, 1));
  const [chosen, setChosen] = useState<number | null>(null);
  const services = useQuery(ownServicesQuery(profile.id));
  const offered = (services.data ?? []).flatMap((service) => (service.enabled ? service.durations : []));
  const lengths = [...new Set(offered.map(({ minutes }) => minutes))].sort((one, other) => one - other);
  if (lengths.length === 0) lengths.push(30, 60);
  const duration = chosen !== null && lengths.includes(chosen) ? chosen : (lengths[0] ?? 60);
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(date);
  const slots = useQuery({
    ...slotsQuery({ mentorId: profile.id, from: date, to: date, duration, timezone: profile.timezone }),
    enabled: isDate,
  });
  const times = slots.data?.days.flatMap((day) => day.slots) ?? [];

  return (
    <Card className="p-4 sm:p-5">
      <section aria-labelledby="preview">
        <h2 id="preview" className="flex items-center gap-2 text-heading">
          <CalendarSearch aria-hidden className="size-5 text-primary-text" />
          What students see
        </h2>
        <p className="mt-0.5 text-sm text-ink-soft">What is saved counts, on your clock.</p>
        <div className="mt-4 grid grid-cols-2 gap-3 lg:grid-cols-1">
          <Field label="On">
            {(control) => (
              <Input
                {...control}
                type="date"
                value={date}
                min={today}
                onChange={(event) => setDate(event.target.value)}
              />
            )}
          </Field>
          <Field label="Length">
            {(control) => (
              <Select
                {...control}
                value={duration}
                onChange={(event) => setChosen(Number(event.target.value))}
              >
                {lengths.map((minutes) => (
                  <option key={minutes} value={minutes}>
                    {formatMinutes(minutes)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        <div className="mt-4 min-h-24">
          {slots.isLoading && <Loading>Looking…</Loading>}
          {slots.isError && <p className="text-bad">The times could not be loaded.</p>}
          {slots.data && (
            <div role="status">
              <p className="font-semibold">
                {formatDate(date)}: {times.length === 0 ? "nothing" : countWords(times.length, "time")}
              </p>
              {times.length === 0 && (
                <p className="mt-1 text-ink-soft">
                  {whyNoTimes({
                    date,
                    today,
                    rules: profile,
                    hours,
                    daysOff,
                    lengthWords: formatMinutes(duration),
                  })}
                </p>
              )}
            </div>
          )}
          {times.length > 0 && (
            <ul aria-label="Times" className="mt-2 flex flex-wrap gap-1.5">
              {times.map((slot) => (
                <li
                  key={slot.starts_at}
                  className="rounded-lg border border-line bg-sunken px-2 py-1 text-sm font-semibold tabular-nums"
                >
                  {formatTime(slot.starts_at, profile.timezone)}
                </li>
              ))}
            </ul>
          )}
        </div>
      </section>
    </Card>
  );
}
