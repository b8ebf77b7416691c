import type { TaskList } from "graphile-worker";
import type { Dependencies } from "../platform/http/route.ts";

export function timeRequestTasks({ database }: Dependencies): TaskList {
  return {
    expire_time_requests: async () => {
      await database.asSystem("unanswered requests belong to many people", null, ({ client }) =>
        client.query("select private.expire_time_requests()"),
      );
    },
  };
}
