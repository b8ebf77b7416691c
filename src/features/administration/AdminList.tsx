import type { useInfiniteQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import type { ReactNode } from "react";
import { admin } from "#words/administration.ts";
import { controls } from "#words/controls.ts";
import { Button } from "@/ui/Button.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";

type Page<Row> = { data: Row[]; next_cursor: string | null };
type List<Row> = Pick<
  ReturnType<typeof useInfiniteQuery>,
  "hasNextPage" | "isFetchingNextPage" | "fetchNextPage" | "refetch"
> & { data: { pages: Page<Row>[] } | undefined; error: Error | null };

type AdminListProps<Row> = { list: List<Row>; none?: string; children: (row: Row) => ReactNode };

/** A list with its loading, empty and failed states, page by page. */
export function AdminList<Row extends { id: string }>({
  list,
  none = admin.none,
  children,
}: AdminListProps<Row>) {
  if (!list.data && list.error)
    return <ProblemState title={admin.failed} error={list.error} onRetry={list.refetch} />;
  if (!list.data)
    return (
      <div role="status" className="space-y-3">
        <span className="sr-only">{controls.loading}</span>
        <Skeleton className="h-20 w-full" />
        <Skeleton className="h-20 w-full" />
      </div>
    );
  const rows = list.data.pages.flatMap(({ data }) => data);
  if (rows.length === 0) return <EmptyState Icon={CircleCheck} title={none} />;
  return (
    <>
      <ul className="divide-y divide-line rounded-card border border-line bg-surface">
        {rows.map((row) => (
          <li key={row.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 p-4 break-words">
            {children(row)}
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <div className="mt-5 text-center">
          <Button variant="secondary" pending={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            {controls.showMore}
          </Button>
        </div>
      )}
    </>
  );
}
