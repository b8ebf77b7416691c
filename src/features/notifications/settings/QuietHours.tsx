import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import type { Me } from "#contract/accounts.ts";
import type { NotificationSettings } from "#contract/notificationSettings.ts";
import { quietHours } from "#words/notificationSettings.ts";
import { saveProfile } from "@/features/accounts/settings/api.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { tabPerson } from "@/lib/tabPerson.ts";
import { deviceTimeZone, zoneLabel } from "@/lib/time.ts";
import { useDebounced } from "@/lib/useDebounced.ts";
import { useZones } from "@/lib/zones/useZones.ts";
import { Field } from "@/ui/Field.tsx";
import { Switch } from "@/ui/Switch.tsx";
import { TimeInput } from "@/ui/TimeInput.tsx";
import { useAction } from "@/ui/useAction.ts";
import { SavedMark } from "./SavedMark.tsx";
import type { SettingsChanges } from "./useSettingsChanges.ts";

type Quiet = NonNullable<NotificationSettings["quiet_hours"]>;
type QuietHoursProps = { me: Me; quiet: Quiet | null; changes: SettingsChanges };

const usual: Quiet = { from: "22:00", until: "07:00" };
const place = "quiet-hours";

/** When mails that can wait do wait. */
export function QuietHours({ me, quiet, changes }: QuietHoursProps) {
  const save = (next: Quiet | null) =>
    changes.change({
      field: "quiet_hours",
      place,
      apply: (settings) => ({ ...settings, quiet_hours: next }),
      undo: (settings) =>
        isSame(settings.quiet_hours, next) ? { ...settings, quiet_hours: quiet } : settings,
    });
  const keepZone = useKeptZone();
  const turnOn = () => {
    if (me.timezone === null) void keepZone.run();
    save(usual);
  };
  return (
    <div className="space-y-4">
      <Switch
        label={
          <span className="flex flex-wrap items-center gap-x-2.5">
            <span>{quietHours.title}</span>
            <SavedMark isShown={changes.savedPlace === place} />
          </span>
        }
        detail={quietHours.text}
        checked={quiet !== null}
        onChange={() => (quiet ? save(null) : turnOn())}
      />
      {quiet && <QuietTimes timezone={me.timezone} quiet={quiet} onChange={save} />}
    </div>
  );
}

/** Makes the device's zone the person's own, as the profile's form suggests. */
function useKeptZone() {
  const queryClient = useQueryClient();
  return useAction(
    async () => {
      const saved = await saveProfile({ timezone: deviceTimeZone() });
      queryClient.setQueryData(queryKeys.me, tabPerson.meet(saved));
    },
    { inPlace: true },
  );
}

function isSame(one: Quiet | null, other: Quiet | null): boolean {
  return one?.from === other?.from && one?.until === other?.until;
}

type QuietTimesProps = { timezone: string | null; quiet: Quiet; onChange: (quiet: Quiet) => void };

/** A time field changes with every digit: it is saved once it rests or is left. */
function QuietTimes({ timezone, quiet, onChange }: QuietTimesProps) {
  const [shown, setShown] = useState(quiet);
  const [draft, setDraft] = useState(quiet);
  // Taken back, or changed in another window.
  if (!isSame(shown, quiet)) {
    setShown(quiet);
    setDraft(quiet);
  }
  const save = useEffectEvent((next: Quiet) => {
    if (next.from && next.until && next.from !== next.until && !isSame(next, quiet)) onChange(next);
  });
  const leave = () => save(draft);
  const rested = useDebounced(draft, 1_000);
  useEffect(() => save(rested), [rested]);
  const errorOf = (field: keyof Quiet) => {
    if (draft[field] === "") return quietHours.missing;
    return field === "until" && draft.from === draft.until ? quietHours.same : undefined;
  };
  return (
    <div className="space-y-2">
      <div className="grid max-w-80 grid-cols-2 gap-3">
        {(["from", "until"] as const).map((field) => (
          <Field key={field} label={quietHours[field]} error={errorOf(field)} required>
            {(control) => (
              <TimeInput
                {...control}
                value={draft[field]}
                onChange={({ target }) => setDraft({ ...draft, [field]: target.value })}
                onBlur={leave}
              />
            )}
          </Field>
        ))}
      </div>
      <p className="text-sm text-ink-soft">
        {timezone ? <OwnZone timezone={timezone} /> : <span>{quietHours.noZone}</span>}
        <span> {quietHours.urgent}</span>
      </p>
    </div>
  );
}

function OwnZone({ timezone }: { timezone: string }) {
  useZones(timezone);
  return <span>{quietHours.zone(zoneLabel(timezone))}</span>;
}
