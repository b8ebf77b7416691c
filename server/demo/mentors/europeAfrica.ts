import type { DemoMentor } from "../demoTypes.ts";

export const mentorsOfEuropeAndAfrica: readonly DemoMentor[] = [
  {
    handle: "oliver",
    full_name: "Oliver Penhallow",
    timezone: "Europe/London",
    joinedDaysAgo: 330,
    headline: "Product designer who codes. Portfolios, accessibility, first design jobs",
    bio: "I came to design from stage lighting, so I know what it is to start again at thirty-two. These days I lead a small team on a public health service that has to work for everyone, with a screen reader and in a hurry. We can look at your portfolio, your prototype or your plan for getting out of a job that no longer fits.",
    expertise: ["UX design", "React", "Frontend", "Career change"],
    languages: ["English", "French"],
    settings: { instant_confirm: true, buffer_after: 10, minimum_notice: 120 },
    verified: true,
    services: [
      {
        key: "portfolio",
        session_type: "oneOnOneSession",
        title: "Portfolio review",
        description: "Two case studies, read as a hiring manager reads them: in four minutes, then slowly.",
        durations: [
          [30, 1500],
          [60, 2600],
        ],
        recording_price: 300,
      },
      {
        key: "access",
        session_type: "groupSession",
        title: "Accessibility clinic",
        description: "We take one page of yours through keyboard, zoom and screen reader, live.",
        durations: [[60, 600]],
        capacity: 8,
      },
    ],
    weekly: [
      { days: [1, 2, 3, 4, 5], from: "12:00", until: "14:00" },
      { days: [3], from: "18:00", until: "21:00" },
    ],
    daysOff: [{ inDays: 12, reason: "School play, front row" }],
  },
  {
    handle: "katharina",
    full_name: "Katharina Vossbeck",
    timezone: "Europe/Berlin",
    joinedDaysAgo: 260,
    headline: "Platform engineer. Kubernetes only when you need it",
    bio: "I run the platform of a German railway supplier, where a deployment may not interrupt a night shift. I like small teams that want fewer moving parts: we look at your pipeline, your bill and your alerts, and delete something. I maintain an open-source backup tool and am glad to help with your first pull request to any project.",
    expertise: ["Cloud and DevOps", "System design", "Backend", "Open source"],
    languages: ["German", "English"],
    settings: { slot_interval: 20, buffer_after: 20, minimum_notice: 600, booking_window_days: 75 },
    verified: true,
    services: [
      {
        key: "pipeline",
        session_type: "oneOnOneSession",
        title: "Pipeline and platform check",
        description: "One hour on your way from commit to production, with a short list to take home.",
        durations: [
          [40, 1800],
          [60, 2400],
          [90, 3300],
        ],
      },
      {
        key: "pull",
        session_type: "groupSession",
        title: "Your first pull request",
        description: "Up to six people each get one small change merged into a real project.",
        durations: [[90, 400]],
        capacity: 6,
        instant_confirm: true,
      },
      {
        key: "chat",
        session_type: "chatAdvice",
        title: "Why is my build red?",
        description: "Send the log and the config file, get a cause and a way out.",
        durations: [[20, 399]],
      },
    ],
    weekly: [
      { days: [1, 2, 3, 4], from: "16:30", until: "19:50" },
      { days: [6], from: "10:00", until: "13:00" },
    ],
  },
  {
    handle: "wanjiru",
    full_name: "Wanjiru Kamotho",
    timezone: "Africa/Nairobi",
    joinedDaysAgo: 6,
    // No hours yet: what a student sees of a mentor without availability (guide, test case 2).
    headline: "Design lead in mobile money. New here, opening my calendar soon",
    bio: "For eight years I have designed money for people whose only computer is a phone with a cracked screen. I joined MatePeak this week and am still arranging my hours around a product launch in Kisumu. Have a look at what I will offer and come back in a few days.",
    expertise: ["UX design", "Product management", "Startups", "Career change"],
    languages: ["English", "Swahili", "Kikuyu"],
    settings: { minimum_notice: 360 },
    verified: false,
    services: [
      {
        key: "research",
        session_type: "oneOnOneSession",
        title: "Plan your first user interviews",
        description: "Who to ask, what to ask, and what never to ask.",
        durations: [
          [30, 700],
          [60, 1250],
        ],
      },
    ],
    weekly: [],
  },
];
