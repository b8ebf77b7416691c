import { useInfiniteQuery } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import { useEffect } from "react";
import { controls } from "#words/controls.ts";
import { mentorList } from "#words/mentorSearch.ts";
import { cn } from "@/lib/classNames.ts";
import { announce } from "@/ui/Announcer.tsx";
import { Button } from "@/ui/Button.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { MentorCard } from "./MentorCard.tsx";
import { MentorCardSkeleton } from "./MentorCardSkeleton.tsx";
import { type MentorFilter, mentorsQuery } from "./queries.ts";

const grid = "grid gap-4 sm:grid-cols-2 lg:grid-cols-3 lg:gap-5";

export function MentorList({ filter, onClear }: { filter: MentorFilter; onClear: () => void }) {
  const list = useInfiniteQuery(mentorsQuery(filter));
  const mentors = list.data?.pages.flatMap((page) => page.data) ?? [];
  const isFiltered = Boolean(filter.q || filter.expertise);
  const count = list.data && !list.isPlaceholderData ? mentors.length : null;

  useEffect(() => {
    if (count === null || !isFiltered) return;
    announce(count === 0 ? mentorList.noMatch : mentorList.found(count));
  }, [count, isFiltered]);

  if (list.isPending) {
    return (
      <div className={grid}>
        <p role="status" className="sr-only">
          {mentorList.loading}
        </p>
        {["a", "b", "c", "d", "e", "f"].map((key) => (
          <MentorCardSkeleton key={key} />
        ))}
      </div>
    );
  }
  if (list.isError && mentors.length === 0) {
    return <ProblemState title={mentorList.failed} error={list.error} onRetry={list.refetch} />;
  }
  if (mentors.length === 0) {
    return (
      <EmptyState Icon={SearchX} title={isFiltered ? mentorList.noMatch : mentorList.none} level={3}>
        {isFiltered && (
          <>
            <p>{mentorList.tryAgain}</p>
            <Button variant="secondary" onClick={onClear}>
              {mentorList.showAll}
            </Button>
          </>
        )}
      </EmptyState>
    );
  }
  return (
    <>
      <ul className={cn(grid, "transition-opacity", list.isPlaceholderData && "opacity-55")}>
        {mentors.map((mentor) => (
          <li key={mentor.id} className="min-w-0">
            <MentorCard mentor={mentor} />
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <div className="mt-8 text-center">
          {list.isFetchNextPageError && <p className="mb-3 text-bad">{mentorList.moreFailed}</p>}
          <Button
            variant="secondary"
            size="lg"
            pending={list.isFetchingNextPage}
            onClick={() => list.fetchNextPage()}
          >
            {list.isFetchingNextPage ? controls.loading : controls.showMore}
          </Button>
        </div>
      )}
    </>
  );
}
