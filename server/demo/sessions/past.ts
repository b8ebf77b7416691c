import type { DemoSession } from "../demoTypes.ts";

export const pastSessions: readonly DemoSession[] = [
  {
    mentor: "asha",
    service: "pairing",
    minutes: 60,
    inDays: -41,
    near: "17:30",
    seats: [
      {
        student: "meera",
        outcome: "completed",
        message: "My list of 4,000 orders scrolls like treacle. Profiler screenshots are ready.",
        addRecording: true,
      },
    ],
  },
  {
    mentor: "asha",
    service: "circle",
    minutes: 90,
    inDays: -23,
    near: "10:00",
    seats: [
      { student: "meera", outcome: "completed", message: "Bringing a date picker. Be kind." },
      { student: "daniel", outcome: "completed", message: "Only listening the first time, if that is fine." },
      { student: "katharina", outcome: "completed", message: "I rarely read frontend code and I should." },
      {
        student: "lucia",
        outcome: "cancelled",
        message: "I would love to show my reducer.",
        reason: "My exam was moved to the same morning.",
      },
    ],
  },
  {
    mentor: "asha",
    service: "pairing",
    minutes: 30,
    inDays: -12,
    near: "19:00",
    seats: [
      {
        student: "lucia",
        outcome: "completed",
        message: "useEffect runs twice and I no longer trust anything.",
      },
    ],
  },
  {
    // Over but not closed: its student says that the mentor did not come, see writeNoShow.ts.
    mentor: "asha",
    service: "pairing",
    minutes: 60,
    inDays: -2,
    near: "15:00",
    seats: [
      {
        student: "daniel",
        outcome: "confirmed",
        message: "Mock interview for a frontend role at a bank, please.",
      },
    ],
  },
  {
    mentor: "rohan",
    service: "mock",
    minutes: 90,
    inDays: -33,
    near: "20:00",
    seats: [
      {
        student: "daniel",
        outcome: "completed",
        message: "Design a ticket sale for a stadium. I always run out of time.",
        addRecording: true,
      },
    ],
  },
  {
    mentor: "rohan",
    service: "mock",
    minutes: 60,
    inDays: -19,
    near: "19:30",
    seats: [
      {
        student: "meera",
        outcome: "completed",
        message: "First system design round in two weeks. I have never done one.",
      },
    ],
  },
  {
    mentor: "rohan",
    service: "intro",
    minutes: 30,
    inDays: -9,
    near: "11:00",
    seats: [
      {
        student: "lucia",
        outcome: "declined",
        message: "Can you refer me to your company?",
        reason: "I do not refer people I have not worked with. A mock interview would help you more.",
      },
    ],
  },
  {
    mentor: "rohan",
    service: "mock",
    minutes: 60,
    inDays: -3,
    near: "21:00",
    seats: [
      {
        student: "tebora",
        outcome: "confirmed",
        message: "A pipeline that survives when the satellite link does not.",
      },
    ],
  },
  {
    mentor: "farida",
    service: "papers",
    minutes: 60,
    inDays: -15,
    near: "10:30",
    seats: [
      {
        student: "asha",
        outcome: "completed",
        message: "RSUs vested in March and I have two Form 16s that disagree.",
      },
    ],
  },
  {
    mentor: "sunita",
    service: "plan",
    minutes: 45,
    inDays: -27,
    near: "18:30",
    seats: [
      {
        student: "meera",
        outcome: "completed",
        message: "Master's in Europe with little money: is it real?",
      },
    ],
  },
  {
    mentor: "sunita",
    service: "plan",
    minutes: 90,
    inDays: -8,
    near: "07:00",
    seats: [
      {
        student: "lucia",
        outcome: "cancelled",
        message: "I want to compare Norway and the Netherlands.",
        reason: "I have a fever. I will book again next week.",
      },
    ],
  },
  {
    mentor: "weiling",
    service: "deck",
    minutes: 60,
    inDays: -30,
    near: "20:30",
    seats: [
      {
        student: "farida",
        outcome: "completed",
        message: "Bookkeeping for tailors, seed round, eleven slides.",
      },
    ],
  },
  {
    mentor: "weiling",
    service: "office",
    minutes: 60,
    inDays: -13,
    near: "20:00",
    seats: [
      { student: "daniel", outcome: "completed", message: "My co-founder wants to leave. How do we split?" },
      {
        student: "farida",
        outcome: "completed",
        message: "Investors ask for a forecast I do not believe in.",
      },
      { student: "wanjiru", outcome: "completed", message: "Just curious how you run these." },
    ],
  },
  {
    mentor: "bronwyn",
    service: "edit",
    minutes: 60,
    inDays: -17,
    near: "09:00",
    seats: [
      {
        student: "katharina",
        outcome: "completed",
        message: "The README of our backup tool frightens people away.",
      },
    ],
  },
  {
    mentor: "oliver",
    service: "portfolio",
    minutes: 30,
    inDays: -21,
    near: "12:30",
    seats: [
      {
        student: "lucia",
        outcome: "completed",
        message: "Junior portfolio, two case studies, no replies so far.",
      },
    ],
  },
  {
    mentor: "katharina",
    service: "pipeline",
    minutes: 40,
    inDays: -25,
    near: "17:30",
    seats: [
      {
        student: "daniel",
        outcome: "completed",
        message: "Builds take 26 minutes and everybody says that is normal.",
      },
    ],
  },
  {
    mentor: "denise",
    service: "crossing",
    minutes: 30,
    inDays: -36,
    near: "08:30",
    seats: [
      { student: "meera", outcome: "completed", message: "Engineer for five years, want to try product." },
    ],
  },
  {
    mentor: "denise",
    service: "crossing",
    minutes: 60,
    inDays: -11,
    near: "18:00",
    seats: [{ student: "lucia", outcome: "expired", message: "Could we do this in Spanish?" }],
  },
  {
    mentor: "luis",
    service: "model",
    minutes: 60,
    inDays: -16,
    near: "22:30",
    seats: [
      {
        student: "tebora",
        outcome: "completed",
        message: "My classifier takes clouds for boats.",
        addRecording: true,
      },
    ],
  },
];
