import type { Removal, Shared } from "./removeDemoData.ts";

/** The report for the operator who removes the demo. */
export function describeRemoval(removal: Removal): string {
  switch (removal.is) {
    case "absent":
      return "There is no demo here.";
    case "refused":
      return `Nothing was removed, because these would go with the demo: ${describeShared(removal.shared)}. To remove them too, run: npm run demo:remove -- --with-bookings-of-others`;
    case "removed": {
      const shared = describeShared(removal.shared);
      return [
        "The demo was removed and will not come back to this database:",
        ...removal.rows.map(({ what, rows }) => `  ${String(rows).padStart(6)} ${what}`),
        ...(shared ? [`Among them: ${shared}.`] : []),
      ].join("\n");
    }
    default:
      return removal satisfies never;
  }
}

function describeShared({ withDemoMentors, withOtherMentors, requests }: Shared): string {
  return [
    [
      withDemoMentors,
      "booking of another person with a demo mentor",
      "bookings of other people with demo mentors",
    ],
    [
      withOtherMentors,
      "booking of a demo person with another mentor",
      "bookings of demo people with other mentors",
    ],
    [
      requests,
      "request for another time between a demo person and another person",
      "requests for another time between demo people and others",
    ],
  ]
    .flatMap(([count, single, many]) => (count === 0 ? [] : [`${count} ${count === 1 ? single : many}`]))
    .join(", ");
}
