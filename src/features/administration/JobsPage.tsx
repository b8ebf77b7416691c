import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import type { FailedJobs } from "#contract/administration.ts";
import { adminJobs } from "#words/administration.ts";
import { adminKeys } from "@/lib/queryKeys.ts";
import { formatDayAndTime } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Button } from "@/ui/Button.tsx";
import { useAction } from "@/ui/useAction.ts";
import { AdminList } from "./AdminList.tsx";
import { act, listQuery } from "./queries.ts";

export function JobsPage() {
  const timeZone = useViewerTimeZone();
  const queryClient = useQueryClient();
  const list = useInfiniteQuery(listQuery<FailedJobs>("failed-jobs"));
  const step = useAction(async (id: string, what: "run" | "give-up") => {
    await act(`failed-jobs/${id}/${what}`);
    toast.success(what === "run" ? adminJobs.runDone : adminJobs.giveUpDone);
    await queryClient.invalidateQueries({ queryKey: adminKeys.all });
  });
  return (
    <AdminList<FailedJobs["data"][number]> list={list} none={adminJobs.none}>
      {(job) => (
        <>
          <div className="min-w-0 flex-1 basis-60">
            <p className="font-semibold">{job.task}</p>
            <p className="text-sm text-ink-soft">
              {adminJobs.attempts(job.attempts, job.max_attempts)} ·{" "}
              {job.attempts < job.max_attempts
                ? adminJobs.nextTry(formatDayAndTime(job.run_at, timeZone))
                : adminJobs.over}
            </p>
            <p className="mt-1 text-sm break-all">{job.last_error}</p>
          </div>
          <Button variant="secondary" disabled={step.isPending} onClick={() => step.run(job.id, "run")}>
            {adminJobs.run}
          </Button>
          <Button variant="secondary" disabled={step.isPending} onClick={() => step.run(job.id, "give-up")}>
            {adminJobs.giveUp}
          </Button>
        </>
      )}
    </AdminList>
  );
}
