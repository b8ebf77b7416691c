import { useEffect, useRef } from "react";
import { subscribeLive } from "./liveHub.ts";
import type { Topic } from "./liveStream.ts";

/**
 * Hears of something while somebody looks. After every gap `onChange` is called once with null, as something may have
 * been missed.
 * @param topic null: there is nothing to follow
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
