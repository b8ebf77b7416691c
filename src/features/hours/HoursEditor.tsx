import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import type { MentorProfile } from "#contract/mentors.ts";
import type { OwnHours } from "#contract/ownHours.ts";
import { asMinutes, type LocalDate, type Minutes } from "#scheduling/units.ts";
import { schedulingRules, weeklyHours } from "#words/hours.ts";
import { ownServicesQuery } from "@/features/services/queries.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { addDays, type TypedDate, todayIn } from "@/lib/time.ts";
import { useZones } from "@/lib/zones/useZones.ts";
import { BookingRulesForm } from "./BookingRulesForm.tsx";
import { DatedHours } from "./DatedHours.tsx";
import { DaysOff } from "./DaysOff.tsx";
import { HoursSection } from "./HoursSection.tsx";
import { HoursDraftContext, type HoursDrafts } from "./hoursDraft.ts";
import { SavedSessionsOutsideHours } from "./SessionsOutsideHours.tsx";
import { SlotPreview } from "./SlotPreview.tsx";
import { Travels } from "./Travels.tsx";
import { useHoursPreview } from "./useHoursPreview.ts";
import { WeekEditor } from "./WeekEditor.tsx";
import { WhyDialog } from "./WhyDialog.tsx";

/** All settings of the hours, beside a preview of what students would see, unsaved changes included. */
export function HoursEditor({ profile, hours }: { profile: MentorProfile; hours: OwnHours }) {
  const mentorId = profile.id;
  const today = todayIn(hours.timezone, useNow());
  useZones(hours.timezone, ...hours.timezone_periods.map(({ timezone }) => timezone));
  const [from, setFrom] = useState<TypedDate>(() => addDays(today, 1));
  const [chosen, setChosen] = useState<Minutes | null>(null);
  const [explained, setExplained] = useState<LocalDate | null>(null);
  const lengths = useLengths(mentorId);
  const duration = chosen !== null && lengths.includes(chosen) ? chosen : (lengths[0] ?? asMinutes(60));
  const { drafts, setDraft } = useDrafts();
  const hasDrafts = Object.values(drafts).some((draft) => draft !== undefined);
  const preview = useHoursPreview({ mentorId, hours, drafts, today, from, duration });

  const shared = useMemo(() => {
    const saved = new Set(hours.outside_sessions.map((session) => session.booking_id));
    const newlyOutside = (preview.data?.outside_sessions ?? []).filter(
      (session) => !saved.has(session.booking_id),
    );
    return { setDraft, newlyOutside };
  }, [setDraft, hours.outside_sessions, preview.data]);
  const parts = { mentorId, hours, today };
  return (
    <HoursDraftContext value={shared}>
      <SavedSessionsOutsideHours sessions={hours.outside_sessions} timeZone={hours.timezone} />
      <div className="grid gap-10 lg:grid-cols-[minmax(0,1fr)_19rem] lg:items-start">
        <div className="min-w-0 space-y-12">
          <HoursSection id="weekly-hours" title={weeklyHours.title} lead={weeklyHours.lead}>
            <WeekEditor mentorId={mentorId} hours={hours} />
          </HoursSection>
          <DatedHours {...parts} />
          <DaysOff {...parts} />
          <Travels {...parts} />
          <HoursSection id="booking-rules" title={schedulingRules.title} lead={schedulingRules.lead}>
            <BookingRulesForm mentorId={mentorId} hours={hours} />
          </HoursSection>
        </div>
        <aside className="lg:sticky lg:top-24 lg:max-h-[calc(100dvh-7rem)] lg:overflow-y-auto">
          <SlotPreview
            preview={preview.data}
            error={preview.error}
            isBehind={preview.isFetching}
            hasDrafts={hasDrafts}
            timeZone={hours.timezone}
            today={today}
            from={from}
            onFromChange={setFrom}
            lengths={lengths}
            duration={duration}
            onDurationChange={setChosen}
            onExplain={setExplained}
          />
        </aside>
      </div>
      {explained && (
        <WhyDialog
          mentorId={mentorId}
          date={explained}
          duration={duration}
          hasDrafts={hasDrafts}
          onClose={() => setExplained(null)}
        />
      )}
    </HoursDraftContext>
  );
}

function useDrafts() {
  const [drafts, setDrafts] = useState<HoursDrafts>({});
  const setDraft = useCallback(<Part extends keyof HoursDrafts>(part: Part, draft: HoursDrafts[Part]) => {
    setDrafts((before) => (before[part] === draft ? before : { ...before, [part]: draft }));
  }, []);
  return { drafts, setDraft };
}

/** The lengths of the mentor's services; the usual ones while there are none. */
function useLengths(mentorId: string): readonly Minutes[] {
  const services = useQuery(ownServicesQuery(mentorId));
  const offered = (services.data ?? []).flatMap((service) => (service.enabled ? service.durations : []));
  const lengths = [...new Set(offered.map(({ minutes }) => minutes))].sort((one, other) => one - other);
  return lengths.length > 0 ? lengths : [30, 60].map(asMinutes);
}
