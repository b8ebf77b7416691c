// The fault of a test that failed every Saturday: it took the day after the same day of next week for one of that week.
// Ends with 1 on such a day. Weeks begin on Sunday, as in the calendars.
const dayOfNextWeek = Temporal.Now.plainDateISO("Asia/Kolkata").add({ days: 7 });
const startOfWeek = (date: Temporal.PlainDate) => date.subtract({ days: date.dayOfWeek % 7 });

process.exitCode = startOfWeek(dayOfNextWeek).equals(startOfWeek(dayOfNextWeek.add({ days: 1 }))) ? 0 : 1;
