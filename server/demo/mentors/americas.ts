import type { DemoMentor } from "../demoTypes.ts";

export const mentorsOfTheAmericas: readonly DemoMentor[] = [
  {
    handle: "denise",
    full_name: "Denise Fairweather",
    timezone: "America/New_York",
    joinedDaysAgo: 388,
    headline: "Director of product. I help engineers become product managers",
    bio: "I was a tester, then a support lead, then a product manager at a company that sells software to hospitals, and I hired for every one of those jobs later. If you are trying to cross over, I will help you tell the story that your title hides. I read your request before I accept it, so write two lines about where you stand.",
    expertise: ["Product management", "Leadership", "Career change", "Interview preparation"],
    languages: ["English", "Spanish"],
    settings: {
      buffer_before: 5,
      buffer_after: 10,
      minimum_notice: 1440,
      booking_window_days: 45,
      max_per_day: 2,
    },
    verified: true,
    services: [
      {
        key: "crossing",
        session_type: "oneOnOneSession",
        title: "Crossing into product",
        description: "Your story, your gaps and the next two steps, written down while we talk.",
        durations: [
          [30, 1700],
          [60, 3000],
        ],
        recording_price: 350,
      },
      {
        key: "free",
        session_type: "oneOnOneSession",
        title: "Free fifteen minutes",
        description: "For people who were laid off this year. No strings.",
        durations: [[15, 0]],
      },
    ],
    weekly: [
      { days: [2, 3, 4], from: "08:00", until: "10:00" },
      { days: [2, 3, 4], from: "17:30", until: "19:30" },
      { days: [6], from: "10:00", until: "12:00" },
    ],
    daysOff: [
      { inDays: 21, reason: "Conference in Chicago" },
      { inDays: 22, reason: "Conference in Chicago" },
      { inDays: 23, reason: "Conference in Chicago" },
    ],
  },
  {
    handle: "luis",
    full_name: "Luis Arizmendi",
    timezone: "America/Los_Angeles",
    joinedDaysAgo: 205,
    headline: "Machine learning engineer and night owl: my 10 pm is your morning",
    bio: "I train speech models by day and put two children to bed, and then my second day begins at ten. That happens to be late morning in India and breakfast in Lagos, so most of my students live there. We work on your model, your paper or your application to a master's programme, with real code and no slides.",
    expertise: ["Machine learning", "Data science", "Interview preparation", "Study abroad"],
    languages: ["English", "Spanish"],
    settings: { instant_confirm: true, minimum_notice: 300, max_per_day: 3, booking_window_days: 50 },
    verified: true,
    services: [
      {
        key: "model",
        session_type: "oneOnOneSession",
        title: "Debug your model with me",
        description: "Loss that will not fall, data that lies, a GPU that idles: we find out why.",
        durations: [
          [30, 1300],
          [60, 2300],
          [90, 3100],
        ],
        recording_price: 300,
      },
      {
        key: "paper",
        session_type: "groupSession",
        title: "Paper of the week",
        description: "Ten readers, one paper, and the code that goes with it.",
        durations: [[60, 250]],
        capacity: 10,
      },
    ],
    weekly: [{ days: [0, 1, 2, 3, 4], from: "22:00", until: "02:00" }],
    extra: [{ inDays: 8, from: "09:00", until: "11:30" }],
    daysOff: [{ inDays: 17, reason: "Red-eye flight to see my mother" }],
  },
];
