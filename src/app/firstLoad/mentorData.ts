// Runs in the document of a mentor's page while the app is still on its way: asks for what the app will ask for, in the very
// same words, and the browser hands the answers over. Built as a file of its own (vite/pageDocuments.ts), because the CSP
// forbids inline scripts. If the words ever differ, the app just asks again, and e2e/firstLoad.spec.ts fails.
import { readRequestedStep } from "@/features/book/bookingStep.ts";
import { bookableDates, bookablePart } from "@/features/book/freeTimes.ts";
import { searchOf } from "@/lib/api.ts";
import { monthOf } from "@/lib/months.ts";
import { viewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";

const username = /^\/mentors\/([^/]+)$/.exec(location.pathname)?.[1];
if (username) {
  ask(`/api/v1/mentors/${username}`);
  askForTimes(username);
}

function askForTimes(mentor: string): void {
  const asked = readRequestedStep(new URLSearchParams(location.search));
  if (!asked?.serviceId || !asked.minutes || asked.name === "service") return;
  const timezone = viewerTimeZone();
  // How far ahead the mentor can be booked is not known yet; the end of the month is asked for anyway.
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
