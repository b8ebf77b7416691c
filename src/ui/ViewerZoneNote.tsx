import { setViewerTimeZone, unknownViewerZone, useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { DeviceZoneHint } from "./DeviceZoneHint.tsx";
import { TimeZonePicker } from "./TimeZonePicker.tsx";

/**
 * For pages that show times in the viewer's zone without a picker: nothing while that is the device's own zone. If the
 * viewer's zone is unknown, the picker itself.
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
