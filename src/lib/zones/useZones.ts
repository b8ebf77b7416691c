import { useEffect } from "react";
import { needZones } from "./askZones.ts";

/** Has times of these zones shown by the server's rules. `App` renders again when these are here. */
export function useZones(...zones: string[]): void {
  const names = zones.join(",");
  useEffect(() => {
    void needZones(names.split(","));
  }, [names]);
}
