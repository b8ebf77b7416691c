import { Globe } from "lucide-react";
import { useEffect, useId, useState } from "react";
import { Button } from "@/components/ui/Button";
import { Select } from "@/components/ui/Select";
import { deviceTimeZone, offsetLabel, timeZones, zoneCity } from "@/lib/time";

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
      {timeZone !== device && (
        <p className="flex flex-wrap items-baseline gap-x-2 text-sm text-ink-soft">
          <span>Your device is set to {zoneCity(device)} time.</span>
          <Button variant="link" size="inline" onClick={() => onChange(device)}>
            Use {zoneCity(device)} time
          </Button>
        </p>
      )}
    </div>
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
