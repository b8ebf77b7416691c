import { useEffect, useRef } from "react";
import { subscribeLive } from "./liveHub.ts";
import type { Topic } from "./liveStream.ts";

/**
 * Subscribes to a topic while the window is visible. After every gap `onChange` is called once with null, as events may
 * have been missed.
 * @param topic null for none
 */
export function useLiveTopic(topic: Topic | null, onChange: (data: string | null) => void): void {
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  useEffect(
    () => (topic === null ? undefined : subscribeLive(topic, (data) => latest.current(data))),
    [topic],
  );
}
