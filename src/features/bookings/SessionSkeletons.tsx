import { sessionLists } from "#words/sessions.ts";
import { Card } from "@/ui/Card.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";

export function SessionSkeletons() {
  return (
    <div className="space-y-4">
      <p role="status" className="sr-only">
        {sessionLists.loading}
      </p>
      {["a", "b", "c"].map((key) => (
        <Card key={key} className="flex gap-4 p-4 sm:p-5">
          <Skeleton className="h-20 w-14 sm:w-16" />
          <div className="flex-1 space-y-3">
            <Skeleton className="h-6 w-40 max-w-full" />
            <Skeleton className="h-6 w-64 max-w-full" />
            <Skeleton className="h-4 w-full max-w-80" />
            <Skeleton className="h-10 w-full max-w-96" />
          </div>
        </Card>
      ))}
    </div>
  );
}
