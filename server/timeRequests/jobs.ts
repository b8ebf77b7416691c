import type { TaskList } from "graphile-worker";
import type { Dependencies } from "../platform/http/route.ts";
import { inSlices, sliceSizes } from "../platform/queue/slices.ts";

export function timeRequestTasks({ database }: Pick<Dependencies, "database">, sizes = sliceSizes): TaskList {
  return {
    expire_time_requests: inSlices(
      database,
      { task: "expire_time_requests", reason: "unanswered requests belong to many people" },
      "select private.expire_time_requests($1) as count",
      sizes.withEffects,
    ),
  };
}
