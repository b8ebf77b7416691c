import type { DemoSession } from "../demoTypes.ts";

export const comingSessions: readonly DemoSession[] = [
  {
    mentor: "asha",
    service: "pairing",
    minutes: 30,
    soon: true,
    inDays: 0,
    near: "00:00",
    seats: [
      {
        student: "meera",
        outcome: "confirmed",
        message: "Just half an hour: my effect still runs twice and the deadline is tonight.",
      },
    ],
  },
  {
    mentor: "asha",
    service: "pairing",
    minutes: 60,
    inDays: 1,
    near: "17:00",
    seats: [
      {
        student: "meera",
        outcome: "confirmed",
        message: "Part two: the list is fast now, but the filter still makes everything jump.",
        addRecording: true,
      },
    ],
  },
  {
    mentor: "asha",
    service: "pairing",
    minutes: 90,
    inDays: 2,
    near: "10:30",
    seats: [
      {
        student: "lucia",
        outcome: "confirmed",
        message: "Moving a class component with 900 lines to hooks.",
      },
    ],
    queue: ["daniel", "meera"],
  },
  {
    mentor: "asha",
    service: "circle",
    minutes: 90,
    inDays: 6,
    near: "10:00",
    scheduled: { minimum: 3 },
    seats: [
      { student: "daniel", outcome: "confirmed", message: "A form with nested arrays, sorry in advance." },
      { student: "katharina", outcome: "confirmed", message: "Back again, I liked it." },
      { student: "oliver", outcome: "confirmed", message: "Happy to comment on keyboard and contrast." },
    ],
  },
  {
    mentor: "asha",
    service: "chat",
    minutes: 15,
    inDays: 4,
    near: "12:00",
    seats: [
      {
        student: "daniel",
        outcome: "cancelled",
        message: "Is a signal library worth it for a small app?",
        reason: "Found the answer in your old talk, thank you!",
      },
    ],
  },
  {
    mentor: "rohan",
    service: "mock",
    minutes: 60,
    inDays: 4,
    near: "19:00",
    seats: [
      {
        student: "meera",
        outcome: "pending",
        message: "The second round is a chat service, they say. May I practise it with you?",
      },
    ],
  },
  {
    mentor: "rohan",
    service: "mock",
    minutes: 90,
    inDays: 5,
    near: "20:30",
    seats: [
      {
        student: "daniel",
        outcome: "pending",
        message: "A rate limiter for many regions. I can read up on anything beforehand.",
      },
    ],
  },
  {
    mentor: "rohan",
    service: "intro",
    minutes: 30,
    inDays: 7,
    near: "10:30",
    seats: [
      {
        student: "lucia",
        outcome: "pending",
        message: "You were right last time. Which role should I prepare for?",
      },
    ],
  },
  {
    mentor: "rohan",
    service: "mock",
    minutes: 60,
    inDays: 3,
    near: "21:00",
    seats: [
      { student: "katharina", outcome: "confirmed", message: "I want to be on the answering side for once." },
    ],
  },
  {
    mentor: "rohan",
    service: "reading",
    minutes: 60,
    inDays: 9,
    near: "16:00",
    scheduled: { minimum: 4 },
    seats: [
      { student: "meera", outcome: "confirmed", message: "Can we read the DNS one?" },
      { student: "asha", outcome: "confirmed", message: "Bringing popcorn." },
    ],
  },
  {
    mentor: "farida",
    service: "papers",
    minutes: 30,
    inDays: 8,
    near: "09:30",
    seats: [
      {
        student: "meera",
        outcome: "pending",
        message: "My first salary slip with an ESOP line. What am I looking at?",
      },
    ],
  },
  {
    mentor: "sunita",
    service: "statement",
    minutes: 90,
    inDays: 6,
    near: "18:15",
    seats: [
      { student: "lucia", outcome: "confirmed", message: "Four hundred words that all begin with I." },
      { student: "daniel", outcome: "confirmed", message: "Public health, Edinburgh." },
      { student: "tebora", outcome: "confirmed", message: "Climate science, anywhere with snow." },
      {
        student: "meera",
        outcome: "cancelled",
        message: "Data engineering, Oslo.",
        reason: "My manager moved our release to that evening.",
      },
    ],
  },
  {
    mentor: "weiling",
    service: "office",
    minutes: 60,
    inDays: 7,
    near: "20:00",
    seats: [
      { student: "daniel", outcome: "confirmed", message: "Pricing: per seat or per invoice?" },
      { student: "farida", outcome: "confirmed", message: "We got a first term sheet." },
      { student: "denise", outcome: "confirmed", message: "Listening for my own side project." },
      { student: "luis", outcome: "confirmed", message: "Speech for call centres: is it too late?" },
      {
        student: "meera",
        outcome: "confirmed",
        message: "No start-up yet, only an idea and many questions.",
      },
    ],
  },
  {
    mentor: "bronwyn",
    service: "edit",
    minutes: 30,
    inDays: 10,
    near: "13:00",
    seats: [
      { student: "daniel", outcome: "confirmed", message: "A proposal for my first freelance client." },
    ],
  },
  {
    mentor: "tebora",
    service: "python",
    minutes: 60,
    inDays: 8,
    near: "07:00",
    seats: [
      {
        student: "lucia",
        outcome: "pending",
        message: "Forty Excel files of bird counts from my grandmother.",
      },
    ],
  },
  {
    mentor: "oliver",
    service: "portfolio",
    minutes: 60,
    inDays: 3,
    near: "12:00",
    seats: [
      {
        student: "meera",
        outcome: "confirmed",
        message: "Not a designer, but my side project should not look like it.",
      },
    ],
  },
  {
    mentor: "oliver",
    service: "portfolio",
    minutes: 30,
    inDays: 8,
    near: "12:30",
    seats: [],
    queue: ["meera", "lucia"],
  },
  {
    mentor: "oliver",
    service: "access",
    minutes: 60,
    inDays: 10,
    near: "19:00",
    seats: [
      { student: "asha", outcome: "confirmed", message: "Our checkout page, as it is." },
      {
        student: "lucia",
        outcome: "confirmed",
        message: "My portfolio, since you said the links are grey on grey.",
      },
    ],
  },
  {
    mentor: "katharina",
    service: "pull",
    minutes: 90,
    inDays: 6,
    near: "10:00",
    seats: [
      { student: "meera", outcome: "confirmed", message: "I have never dared. Any small issue will do." },
      { student: "bronwyn", outcome: "confirmed", message: "I will take the documentation fix." },
    ],
  },
  {
    mentor: "denise",
    service: "crossing",
    minutes: 60,
    inDays: 8,
    near: "18:00",
    seats: [
      {
        student: "daniel",
        outcome: "pending",
        message: "Offered a product role inside my company. Should I take it?",
      },
    ],
  },
  {
    mentor: "luis",
    service: "paper",
    minutes: 60,
    inDays: 5,
    near: "23:00",
    seats: [
      {
        student: "tebora",
        outcome: "confirmed",
        message: "I read it twice and still do not see where the labels come from.",
      },
      { student: "meera", outcome: "confirmed", message: "First paper of my life." },
    ],
  },
];
