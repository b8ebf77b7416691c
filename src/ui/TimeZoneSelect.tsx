import { type ComponentProps, useMemo } from "react";
import { timeZones as words } from "#words/times.ts";
import { deviceTimeZone, timeZones, zoneCity } from "@/lib/time.ts";
import { Select } from "./Select.tsx";

/** All time zones by city, grouped by region. Typing a city's name selects it. */
export function TimeZoneSelect({
  current,
  ...props
}: Omit<ComponentProps<"select">, "children"> & { current: string }) {
  const device = deviceTimeZone();
  const regions = useMemo(() => {
    const zones = [...new Set([...timeZones(), current])].sort();
    return [...Map.groupBy(zones, (zone) => (zone.includes("/") ? (zone.split("/")[0] ?? "") : words.other))];
  }, [current]);
  return (
    <Select {...props}>
      <optgroup label={words.device}>
        <option value={device}>{device.replaceAll("_", " ")}</option>
      </optgroup>
      {regions.map(([region, zones]) => (
        <optgroup key={region} label={region}>
          {zones
            .filter((zone) => zone !== device)
            .map((zone) => (
              <option key={zone} value={zone}>
                {cityOf(zone)}
              </option>
            ))}
        </optgroup>
      ))}
    </Select>
  );
}

/** 'America/Argentina/Salta' -> 'Salta, Argentina'. */
function cityOf(zone: string): string {
  const [, ...places] = zone.split("/");
  return places.length > 1 ? places.reverse().join(", ").replaceAll("_", " ") : zoneCity(zone);
}
