import { countLimits } from "#rules/limits.ts";

/** A topic of live events: a mentor's times, or a signed-in person's data. */
export type Topic = `mentor:${string}` | `person:${string}`;

const SHORTEST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

type Heard = {
  /** @param data as sent by the API */
  onEvent: (topic: Topic, data: string) => void;
  /** The stream is open. @param gap whether events may have been missed before */
  onLive: (topics: readonly Topic[], gap: boolean) => void;
};

/** One stream of events for all topics. When these change, the new stream opens before the old one closes. */
export function openLiveStream({ onEvent, onLive }: Heard) {
  let sources: EventSource[] = [];
  let address: string | null = null;
  let pause: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let gap = false;

  const open = (topics: readonly Topic[], url: string) => {
    const source = new EventSource(url);
    const older = sources;
    sources = [...older, source];
    source.onopen = () => {
      for (const one of older) one.close();
      sources = sources.filter((one) => !older.includes(one));
      failures = 0;
      onLive(topics, gap);
      gap = false;
    };
    source.onerror = () => {
      gap = true;
      // Browsers reconnect a broken stream themselves, but give up after a response that is no stream.
      if (source.readyState !== EventSource.CLOSED || url !== address) return;
      closeAll();
      pause = setTimeout(
        () => open(topics, url),
        Math.min(SHORTEST_PAUSE_MS * 2 ** failures++, LONGEST_PAUSE_MS),
      );
    };
    const person = topics.find((topic) => topic.startsWith("person:"));
    source.addEventListener("change", ({ data }: MessageEvent<string>) => person && onEvent(person, data));
    source.addEventListener("availability", ({ data }: MessageEvent<string>) => {
      const { mentor_id } = JSON.parse(data) as { mentor_id: string };
      onEvent(`mentor:${mentor_id}`, data);
    });
  };
  const closeAll = () => {
    clearTimeout(pause);
    for (const source of sources) source.close();
    sources = [];
  };

  return {
    follow(topics: readonly Topic[]): void {
      const next = addressOf(topics);
      if (next === address) {
        // New subscribers are notified that the stream is open.
        if (sources.some(({ readyState }) => readyState === EventSource.OPEN)) onLive(topics, false);
        return;
      }
      address = next;
      clearTimeout(pause);
      if (next === null) closeAll();
      else open(topics, next);
    },
    close(): void {
      address = null;
      closeAll();
    },
  };
}

/** null without topics. */
function addressOf(topics: readonly Topic[]): string | null {
  const idsOf = (kind: string) =>
    topics.filter((topic) => topic.startsWith(kind)).map((topic) => topic.slice(kind.length));
  const [person] = idsOf("person:");
  const mentors = idsOf("mentor:").sort().slice(0, countLimits.followedMentors);
  if (person === undefined && mentors.length === 0) return null;
  const query = new URLSearchParams({
    ...(person && { for: person }),
    ...(mentors.length > 0 && { mentors: mentors.join(",") }),
  });
  return `/api/v1/events?${query}`;
}
