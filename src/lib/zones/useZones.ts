import { useEffect } from "react";
import { needZones } from "./askZones.ts";

/** Loads the server's rules of these zones. `App` renders again when they have loaded. */
export function useZones(...zones: string[]): void {
  const names = zones.join(",");
  useEffect(() => {
    if (names) void needZones(names.split(","));
  }, [names]);
}
