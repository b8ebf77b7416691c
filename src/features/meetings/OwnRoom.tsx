import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { meetingRoom } from "#words/meetings.ts";
import { roomAnchor } from "@/lib/paths.ts";
import { useLocation } from "@/lib/router/router.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { ownRoomQuery } from "./queries.ts";
import { RoomForm } from "./RoomForm.tsx";

/** The mentor's meeting room in the workspace; a link with its anchor scrolls to it and focuses its field. */
export function OwnRoom({ userId }: { userId: string }) {
  const { data: room, error, refetch } = useQuery(ownRoomQuery(userId));
  const { hash } = useLocation();
  const place = useRef<HTMLDivElement>(null);
  const isAskedFor = room !== undefined && hash === `#${roomAnchor}`;
  useEffect(() => {
    if (!isAskedFor) return;
    place.current?.scrollIntoView({ block: "start" });
    place.current?.querySelector("input")?.focus({ preventScroll: true });
  }, [isAskedFor]);
  return (
    <div id={roomAnchor} ref={place} className="scroll-mt-24">
      {room ? (
        <RoomForm userId={userId} room={room} />
      ) : error ? (
        <ProblemState title={meetingRoom.failed} error={error} onRetry={refetch} />
      ) : (
        <Skeleton className="h-80 w-full" />
      )}
    </div>
  );
}
