/** The demo students' reviews; each is of a completed session. */
export interface DemoReview {
  mentor: string;
  /** Key of the service. */
  service: string;
  student: string;
  rating: 1 | 2 | 3 | 4 | 5;
  comment?: string;
  /** The mentor's reply. */
  reply?: string;
}

export const demoReviews: readonly DemoReview[] = [
  {
    mentor: "asha",
    service: "pairing",
    student: "meera",
    rating: 5,
    comment:
      "We found the re-render in ten minutes and spent the other fifty understanding it. My list scrolls, and I know why.",
    reply: "Your profiler screenshots did half of the work. Keep making them!",
  },
  {
    mentor: "asha",
    service: "circle",
    student: "daniel",
    rating: 5,
    comment: "I came to listen and ended up sharing my screen. Nobody laughed at my reducers.",
  },
  {
    mentor: "asha",
    service: "circle",
    student: "katharina",
    rating: 4,
    comment: "Good eyes, good questions. Ninety minutes are short for three pull requests.",
    reply: "True. From January on it is two pull requests per circle.",
  },
  {
    mentor: "asha",
    service: "pairing",
    student: "lucia",
    rating: 5,
    comment: "Now I trust useEffect again, or at least I know when not to use it.",
  },
  {
    mentor: "rohan",
    service: "mock",
    student: "daniel",
    rating: 4,
    comment: "Tougher than the real interview. He stops you the moment you hand-wave, which I needed.",
  },
  {
    mentor: "rohan",
    service: "mock",
    student: "meera",
    rating: 5,
    comment: "My first mock ever. I left with a one-page plan and a much lower pulse.",
    reply: "You asked about trade-offs before I did. That is most of it.",
  },
  {
    mentor: "farida",
    service: "papers",
    student: "asha",
    rating: 5,
    comment: "Two Form 16s, one hour, no tears. She explains tax as if it had been designed by humans.",
  },
  {
    mentor: "sunita",
    service: "plan",
    student: "meera",
    rating: 5,
    comment: "An honest answer to a money question, with three scholarships that I had never heard of.",
  },
  {
    mentor: "weiling",
    service: "deck",
    student: "farida",
    rating: 4,
    comment: "Eleven slides became seven. It hurt, and she was right.",
  },
  { mentor: "weiling", service: "office", student: "daniel", rating: 4 },
  {
    mentor: "weiling",
    service: "office",
    student: "wanjiru",
    rating: 5,
    comment: "Generous with numbers from her own rounds. Rare.",
  },
  {
    mentor: "bronwyn",
    service: "edit",
    student: "katharina",
    rating: 5,
    comment: "Our README now says what the tool does in the first line. Downloads doubled in a week.",
    reply: "You cut the hardest paragraph yourself.",
  },
  {
    mentor: "oliver",
    service: "portfolio",
    student: "lucia",
    rating: 4,
    comment: "Direct but never unkind. Two case studies are one and a half now, and better.",
  },
  {
    mentor: "katharina",
    service: "pipeline",
    student: "daniel",
    rating: 5,
    comment: "Builds went from 26 to 9 minutes. My team thinks I am a wizard.",
  },
  {
    mentor: "denise",
    service: "crossing",
    student: "meera",
    rating: 3,
    comment: "Good stories, but I had hoped for more about Indian companies.",
    reply: "Fair. I know that market from the outside only, and say so on my page now.",
  },
  {
    mentor: "luis",
    service: "model",
    student: "tebora",
    rating: 5,
    comment: "The classifier was fine. My labels were clouds. Found it in the first quarter of an hour.",
  },
];
