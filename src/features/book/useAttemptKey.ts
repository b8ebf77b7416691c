import { useRef } from "react";
import { newIdempotencyKey } from "@/lib/idempotencyKey.ts";

/** Keeps one Idempotency-Key while the same data is retried without a final response. */
export function useAttemptKey() {
  const attempt = useRef<{ data: string; key: string } | null>(null);
  return {
    keyFor(data: object): string {
      const text = JSON.stringify(data);
      if (attempt.current?.data !== text) attempt.current = { data: text, key: newIdempotencyKey() };
      return attempt.current.key;
    },
    reset() {
      attempt.current = null;
    },
  };
}
