import { Globe } from "lucide-react";
import { type ReactNode, useEffect, useId, useState } from "react";
import { timeZones as words } from "#words/times.ts";
import { deviceTimeZone, timeZones, zoneCity, zoneOption } from "@/lib/time.ts";
import { useZones } from "@/lib/zones/useZones.ts";
import { unknownViewerZone } from "@/lib/zones/viewerTimeZone.ts";
import { DeviceZoneHint } from "./DeviceZoneHint.tsx";
import { Select } from "./Select.tsx";

type TimeZonePickerProps = {
  timeZone: string;
  /** Listed among the suggestions. */
  mentorTimeZone?: string;
  onChange: (timeZone: string) => void;
};

/** Computing the offsets of 400 zones is slow on a phone, so the whole list is rendered later. */
const LIST_AFTER_MS = 400;

export const zoneSelect = "min-w-56 flex-1";

/** All time zones in the browser's own select. Typing a city's name selects it. */
export function TimeZonePicker({ timeZone, mentorTimeZone, onChange }: TimeZonePickerProps) {
  const [isListed, setIsListed] = useState(false);
  const id = useId();
  useZones(timeZone);
  useEffect(() => {
    const timer = setTimeout(() => setIsListed(true), LIST_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);

  const device = deviceTimeZone();
  const likely = [...new Set([timeZone, device, mentorTimeZone ?? device])];
  return (
    <TimeZoneField id={id}>
      <Select
        id={id}
        value={timeZone}
        onChange={(event) => onChange(event.target.value)}
        onFocus={() => setIsListed(true)}
        className={zoneSelect}
      >
        <optgroup label={words.likely}>
          {likely.map((zone) => (
            <Zone key={zone} zone={zone} />
          ))}
        </optgroup>
        {isListed && <AllZones except={likely} />}
      </Select>
      <DeviceZoneHint timeZone={timeZone} onChange={onChange} />
      {timeZone === device && <UnknownZone timeZone={timeZone} />}
    </TimeZoneField>
  );
}

/** @param props.children a select with the id, and notes on the zone */
export function TimeZoneField({ id, children }: { id: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <label htmlFor={id} className="flex items-center gap-2 text-sm font-semibold">
        <Globe aria-hidden className="size-4 text-ink-soft" />
        {words.shownIn}
      </label>
      {children}
    </div>
  );
}

/** Why the times are not in the device's or the chosen time zone. */
function UnknownZone({ timeZone }: { timeZone: string }) {
  const unknown = unknownViewerZone();
  if (!unknown) return null;
  const sentence = unknown.from === "device" ? words.unknownDevice : words.unknownChoice;
  return (
    <p role="status" className="text-sm text-ink-soft">
      {sentence(unknown.name, timeZone === "UTC" ? "UTC" : words.inCity(zoneCity(timeZone)))}
    </p>
  );
}

function AllZones({ except }: { except: string[] }) {
  const zones = timeZones().filter((zone) => !except.includes(zone));
  const regions = Map.groupBy(zones, (zone) =>
    zone.includes("/") ? (zone.split("/")[0] ?? "") : words.other,
  );
  return [...regions].map(([region, members]) => (
    <optgroup key={region} label={region}>
      {members.map((zone) => (
        <Zone key={zone} zone={zone} />
      ))}
    </optgroup>
  ));
}

function Zone({ zone }: { zone: string }) {
  return <option value={zone}>{zoneOption(zone)}</option>;
}
