import { renderToStaticMarkup } from "react-dom/server";
import type { MentorPageTimes } from "#contract/mentorPage.ts";
import { epochMs } from "#scheduling/units.ts";
import { choiceIn } from "@/features/book/bookingStep.ts";
import { FirstTimes } from "@/features/book/FirstTimes.tsx";
import { adoptZones } from "@/lib/zones/zoneRules.ts";

/** Runs in the server (server/platform/http/webApp.ts): the markup of the first times. "" if the service is not offered. */
export function renderFirstTimes({
  mentor,
  serviceId,
  minutes,
  slots,
  chosen,
  zones,
}: MentorPageTimes): string {
  const choice = choiceIn(mentor, { serviceId, minutes });
  if (!choice) return "";
  // The server's rules, as everywhere.
  adoptZones(zones);
  return renderToStaticMarkup(
    <FirstTimes
      mentor={mentor}
      choice={choice}
      slots={slots}
      chosen={chosen === null ? null : epochMs(chosen)}
    />,
  );
}
