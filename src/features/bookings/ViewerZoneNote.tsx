import { setViewerTimeZone, unknownViewerZone, useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { DeviceZoneHint } from "@/ui/DeviceZoneHint.tsx";
import { TimeZonePicker } from "@/ui/TimeZonePicker.tsx";

/**
 * For pages that show times in the viewer's zone and have no picker of it: nothing as long as that is the device's own. Where
 * no zone of this person is known there is something to choose, so the picker itself comes.
 */
export function ViewerZoneNote({ className }: { className?: string }) {
  const timeZone = useViewerTimeZone();
  return unknownViewerZone() ? (
    <div className={className}>
      <TimeZonePicker timeZone={timeZone} onChange={setViewerTimeZone} />
    </div>
  ) : (
    <DeviceZoneHint timeZone={timeZone} onChange={setViewerTimeZone} className={className} />
  );
}
