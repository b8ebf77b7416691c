import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { BookingRole } from "#rules/bookingState.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { ownBookingsQuery } from "./queries.ts";
import { groupSessions } from "./sessionGroups.ts";

/** A person's sessions in groups, which change as time passes. */
export function useOwnSessions(as: BookingRole, userId: string) {
  const list = useInfiniteQuery(ownBookingsQuery(as, userId));
  const now = useNow();
  const groups = useMemo(
    () =>
      groupSessions(
        (list.data?.pages ?? []).flatMap((page) => page.data),
        as,
        now.getTime(),
      ),
    [list.data, as, now],
  );
  return { list, groups, now };
}
