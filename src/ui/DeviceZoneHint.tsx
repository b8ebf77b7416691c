import { timeZones } from "#words/times.ts";
import { cn } from "@/lib/classNames.ts";
import { deviceTimeZone, zoneCity } from "@/lib/time.ts";
import { Button } from "./Button.tsx";

type DeviceZoneHintProps = {
  timeZone: string;
  onChange: (timeZone: string) => void;
  className?: string | undefined;
};

/** If times are shown in another zone than the device's: a note, and a button that switches back. */
export function DeviceZoneHint({ timeZone, onChange, className }: DeviceZoneHintProps) {
  const device = deviceTimeZone();
  if (timeZone === device) return null;
  return (
    <p className={cn("flex flex-wrap items-baseline gap-x-3 text-sm text-ink-soft", className)}>
      <span>{timeZones.deviceIs(zoneCity(device))}</span>
      <Button variant="link" size="inline" className="-ml-1" onClick={() => onChange(device)}>
        {timeZones.switchToDevice(zoneCity(device))}
      </Button>
    </p>
  );
}
