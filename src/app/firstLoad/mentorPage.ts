// Runs in the document of a mentor's page while the app is loading. It preloads the app's first requests, by identical URLs: if a
// URL differs, the app sends the request again, and e2e/firstLoad.spec.ts fails. Where the document has the first available times
// (src/features/book/FirstTimes.tsx), it writes them in the viewer's time zone and keeps what the viewer chooses.
import { readRequestedStep } from "@/features/book/bookingStep.ts";
import { bookableDates, bookablePart } from "@/features/book/freeTimes.ts";
import { searchOf } from "@/lib/api.ts";
import { monthOf } from "@/lib/months.ts";
import { viewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { writeFirstTimes } from "./firstTimes.ts";

const username = /^\/mentors\/([^/]+)$/.exec(location.pathname)?.[1];
if (username) {
  ask(`/api/v1/mentors/${username}`);
  requestTimes(username);
  writeFirstTimes();
}

function requestTimes(mentor: string): void {
  const asked = readRequestedStep(new URLSearchParams(location.search));
  if (!asked?.serviceId || !asked.minutes || asked.name === "service") return;
  const timezone = viewerTimeZone();
  // The mentor's booking window is not known yet; the request covers the rest of the month in any case.
  const bookable = bookableDates(0, timezone);
  const month = bookablePart(monthOf(bookable.from), bookable);
  const query = { ...month, duration: asked.minutes, timezone, service_id: asked.serviceId };
  ask(`/api/v1/mentors/${mentor}/slots${searchOf(query)}`);
}

function ask(address: string): void {
  const link = document.createElement("link");
  Object.assign(link, { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: address });
  document.head.append(link);
}
