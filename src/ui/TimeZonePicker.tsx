import { Globe } from "lucide-react";
import { useEffect, useId, useState } from "react";
import { deviceTimeZone, offsetLabel, timeZones, zoneCity } from "@/lib/time.ts";
import { useZones } from "@/lib/zones/useZones.ts";
import { unknownViewerZone } from "@/lib/zones/viewerTimeZone.ts";
import { DeviceZoneHint } from "./DeviceZoneHint.tsx";
import { Select } from "./Select.tsx";

type TimeZonePickerProps = {
  timeZone: string;
  /** Offered among the first, where there is one mentor. */
  mentorTimeZone?: string;
  onChange: (timeZone: string) => void;
};

/** Reckoning the offsets of 400 zones takes a phone long enough to be felt, so the list comes after the screen. */
const LIST_AFTER_MS = 400;

/** All zones in the browser's own select: typing a city's name finds it. */
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
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <label htmlFor={id} className="flex items-center gap-2 text-sm font-semibold">
        <Globe aria-hidden className="size-4 text-ink-soft" />
        Times shown in
      </label>
      <Select
        id={id}
        value={timeZone}
        onChange={(event) => onChange(event.target.value)}
        onFocus={() => setIsListed(true)}
        className="min-w-56 flex-1"
      >
        <optgroup label="Likely">
          {likely.map((zone) => (
            <Zone key={zone} zone={zone} />
          ))}
        </optgroup>
        {isListed && <AllZones except={likely} />}
      </Select>
      <DeviceZoneHint timeZone={timeZone} onChange={onChange} />
      {timeZone === device && <UnknownZone timeZone={timeZone} />}
    </div>
  );
}

/** Why the times are not in the zone that was asked for. */
function UnknownZone({ timeZone }: { timeZone: string }) {
  const unknown = unknownViewerZone();
  if (!unknown) return null;
  const whose =
    unknown.from === "device" ? "the time zone of your device" : "the time zone chosen here before";
  return (
    <p role="status" className="text-sm text-ink-soft">
      We do not know {unknown.name}, {whose}. Times are in{" "}
      {timeZone === "UTC" ? "UTC" : `${zoneCity(timeZone)} time`}
      {unknown.from === "device" ? " until you choose another zone." : " again."}
    </p>
  );
}

function AllZones({ except }: { except: string[] }) {
  const zones = timeZones().filter((zone) => !except.includes(zone));
  const regions = Map.groupBy(zones, (zone) => (zone.includes("/") ? (zone.split("/")[0] ?? "") : "Other"));
  return [...regions].map(([region, members]) => (
    <optgroup key={region} label={region}>
      {members.map((zone) => (
        <Zone key={zone} zone={zone} />
      ))}
    </optgroup>
  ));
}

function Zone({ zone }: { zone: string }) {
  return (
    <option value={zone}>
      {zoneCity(zone)} ({offsetLabel(zone)})
    </option>
  );
}
