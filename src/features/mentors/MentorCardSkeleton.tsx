import { Card } from "@/ui/Card.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";

export function MentorCardSkeleton() {
  return (
    <Card className="flex flex-col gap-4 p-5">
      <div className="flex gap-4">
        <Skeleton className="size-14 rounded-[32%]" />
        <div className="flex-1 space-y-2 pt-1">
          <Skeleton className="h-5 w-2/3" />
          <Skeleton className="h-4 w-full" />
        </div>
      </div>
      <div className="flex gap-1.5">
        <Skeleton className="h-6 w-20 rounded-full" />
        <Skeleton className="h-6 w-28 rounded-full" />
      </div>
      <Skeleton className="h-4 w-1/2" />
      <Skeleton className="h-4 w-2/5" />
      <Skeleton className="mt-2 h-6 w-1/3" />
    </Card>
  );
}
