import { mentorProfile } from "#words/mentors.ts";
import { Skeleton } from "@/ui/Skeleton.tsx";

export function MentorProfileSkeleton() {
  return (
    <div className="page grid gap-10 pt-8 pb-12 lg:grid-cols-[1fr_22rem] lg:pt-12">
      <p role="status" className="sr-only">
        {mentorProfile.loading}
      </p>
      <div className="space-y-8">
        <div className="flex flex-col gap-5 sm:flex-row sm:gap-6">
          <Skeleton className="size-20 rounded-[32%] sm:size-28" />
          <div className="flex-1 space-y-3">
            <Skeleton className="h-9 w-3/5" />
            <Skeleton className="h-5 w-4/5" />
            <Skeleton className="h-4 w-2/5" />
          </div>
        </div>
        <Skeleton className="h-8 w-2/3 rounded-full" />
        <Skeleton className="h-40 w-full max-w-prose" />
      </div>
      <div className="space-y-4">
        <Skeleton className="h-6 w-1/3" />
        <Skeleton className="h-32 w-full rounded-card" />
        <Skeleton className="h-32 w-full rounded-card" />
      </div>
    </div>
  );
}
