import { useId } from "react";
import type { NotificationSettings } from "#contract/notificationSettings.ts";
import { countLimits } from "#rules/limits.ts";
import { reminderLeads } from "#rules/topics.ts";
import type { Minutes } from "#scheduling/units.ts";
import { reminderTimes } from "#words/notificationSettings.ts";
import { SavedMark } from "./SavedMark.tsx";
import type { SettingsChanges } from "./useSettingsChanges.ts";

const place = "reminder-times";
type ReminderTimesProps = { settings: NotificationSettings; changes: SettingsChanges };

/** How long before a session to remind. */
export function ReminderTimes({ settings, changes }: ReminderTimesProps) {
  const id = useId();
  const chosen = settings.reminder_leads;
  const isFull = chosen.length >= countLimits.reminders;
  const isMuted = settings.muted.includes("inbox:reminders") && settings.muted.includes("email:reminders");
  return (
    <fieldset aria-describedby={id} className="min-w-0">
      <legend className="flex flex-wrap items-center gap-x-2.5">
        <span className="font-semibold">{reminderTimes.title}</span>
        <SavedMark isShown={changes.savedPlace === place} />
      </legend>
      <p id={id} className="mb-3 text-sm text-ink-soft">
        <span>{isMuted && chosen.length > 0 ? reminderTimes.muted : reminderTimes.chosen(chosen)}</span>
        <span> {reminderTimes.atMost(countLimits.reminders)}</span>
      </p>
      <div className="grid grid-cols-2 gap-2 sm:grid-cols-3">
        {reminderLeads.map((lead) => {
          const isChosen = chosen.includes(lead);
          return (
            <label
              key={lead}
              className="tap flex items-center gap-2.5 rounded-control border border-line-strong bg-surface px-3 py-2 transition-colors hover:border-primary has-checked:border-primary has-checked:bg-primary-soft has-disabled:cursor-not-allowed has-disabled:border-line has-disabled:text-ink-soft"
            >
              <input
                type="checkbox"
                className="checkbox shrink-0"
                checked={isChosen}
                disabled={isFull && !isChosen}
                onChange={() =>
                  changes.change({
                    field: "reminder_leads",
                    place,
                    apply: (before) => withLead(before, lead, !isChosen),
                    undo: (after) => withLead(after, lead, isChosen),
                  })
                }
              />
              <span className="min-w-0">{reminderTimes.lead(lead)}</span>
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}

/** Longest first, as the API returns them. */
function withLead(settings: NotificationSettings, lead: Minutes, isChosen: boolean): NotificationSettings {
  const others = settings.reminder_leads.filter((each) => each !== lead);
  const leads = isChosen ? [...others, lead] : others;
  return { ...settings, reminder_leads: leads.sort((one, other) => other - one) };
}
