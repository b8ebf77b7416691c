/** The saved mentors of the demo students, oldest first. */
export const demoFavourites: readonly { student: string; mentor: string; daysAgo: number }[] = [
  { student: "meera", mentor: "farida", daysAgo: 60 },
  { student: "meera", mentor: "oliver", daysAgo: 30 },
  { student: "meera", mentor: "asha", daysAgo: 20 },
  { student: "daniel", mentor: "rohan", daysAgo: 12 },
];
