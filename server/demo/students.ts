import type { DemoPerson } from "./demoTypes.ts";

/** The first one is the student whose login is printed. */
export const demoStudents: readonly DemoPerson[] = [
  { handle: "meera", full_name: "Meera Nambiar", timezone: "Asia/Kolkata", joinedDaysAgo: 96 },
  { handle: "daniel", full_name: "Daniel Boateng", timezone: "America/Toronto", joinedDaysAgo: 71 },
  { handle: "lucia", full_name: "Lucía Arrieta", timezone: "Europe/Madrid", joinedDaysAgo: 58 },
];
