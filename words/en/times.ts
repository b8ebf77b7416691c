/** Dates, clocks and time zones. Days, times and offsets come formatted. */

/** From one day to another. */
export const dateRange = (from: string, to: string) => `${from} to ${to}`;

export const dayAndTime = (day: string, time: string) => `${day}, ${time}`;
export const timeInZone = (time: string, zone: string) => `${time} (${zone})`;
export const justNow = "just now";

/** The start of a session for both of its people. `zone` is "Kolkata, GMT+5:30". */
export const bothTimes = {
  same: ({ time, zone }: { time: string; zone: string }) => `${time} for both of you (${zone})`,
  yours: ({ time, zone }: { time: string; zone: string }) => `${time} your time (${zone})`,
  theirs: ({ time, name, zone }: { time: string; name: string; zone: string }) =>
    `${time} for ${name} (${zone})`,
};

/** The same for a phone. */
export const bothTimesShort = {
  same: ({ time, city }: { time: string; city: string }) => `${time} ${city}, for both of you`,
  yours: ({ time, city }: { time: string; city: string }) => `${time} ${city} (you)`,
  theirs: ({ time, name, city }: { time: string; name: string; city: string }) => `${time} ${city} (${name})`,
};

export const timeZones = {
  shownIn: "Times shown in",
  likely: "Suggested",
  device: "This device",
  other: "Other",
  /** A zone without a place, such as Etc/GMT+5. */
  fixedOffset: "Fixed offset",
  deviceIs: (city: string) => `Your device is set to ${city} time.`,
  switchToDevice: (city: string) => `Use ${city} time`,
  /** Of a page in the mentor's workspace. */
  mentors: ({ zone, offset }: { zone: string; offset: string }) =>
    `Times are in your mentor time zone, ${zone} (${offset}).`,
  inCity: (city: string) => `${city} time`,
  /** `current` is "UTC" or "Kolkata time". */
  unknownDevice: (zone: string, current: string) =>
    `We don’t recognise your device’s time zone, ${zone}. Times are in ${current} until you choose another one.`,
  unknownChoice: (zone: string, current: string) =>
    `We don’t recognise the time zone you chose, ${zone}. Times are in ${current} again.`,
};
