import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type AdminAction, type AdminLog, adminActions } from "#contract/administration.ts";
import { adminLog } from "#words/administration.ts";
import { adminPaths } from "@/lib/adminPaths.ts";
import { paths } from "@/lib/paths.ts";
import { Link, useSearchParams } from "@/lib/router/router.tsx";
import { formatDayAndTime } from "@/lib/time.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Field } from "@/ui/Field.tsx";
import { Select } from "@/ui/Select.tsx";
import { AdminList } from "./AdminList.tsx";
import { listQuery } from "./queries.ts";

export function LogPage() {
  const timeZone = useViewerTimeZone();
  const [search] = useSearchParams();
  const [action, setAction] = useState("");
  const person = search.get("person") ?? undefined;
  const list = useInfiniteQuery(
    listQuery<AdminLog>("log", { person_id: person, action: action || undefined }),
  );
  return (
    <>
      <Field label={adminLog.action} className="mb-5 max-w-xs">
        {(control) => (
          <Select {...control} value={action} onChange={(event) => setAction(event.target.value)}>
            <option value="">{adminLog.all}</option>
            {adminActions.map((one) => (
              <option key={one} value={one}>
                {adminLog.actions[one]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {person && (
        <p className="mb-5">
          {adminLog.onePerson}{" "}
          <Link
            to={paths.admin("log")}
            className="font-semibold text-primary-text underline underline-offset-4"
          >
            {adminLog.showAll}
          </Link>
        </p>
      )}
      <AdminList<AdminLog["data"][number]> list={list}>
        {(entry) => (
          <div className="min-w-0">
            <p>
              <span className="font-semibold">
                <bdi>{entry.actor_id ? (entry.actor_name ?? entry.actor_id) : adminLog.commandLine}</bdi>
              </span>
              {" · "}
              <span>{adminLog.actions[entry.action as AdminAction] ?? entry.action}</span>
              {entry.subject_id && (
                <>
                  {" · "}
                  <Link
                    to={adminPaths.person(entry.subject_id)}
                    className="text-primary-text underline underline-offset-4"
                  >
                    <bdi>{entry.subject_name || entry.subject_id}</bdi>
                  </Link>
                </>
              )}
            </p>
            {entry.reason && <p className="mt-1">{entry.reason}</p>}
            <p className="text-sm text-ink-soft">{formatDayAndTime(entry.happened_at, timeZone)}</p>
          </div>
        )}
      </AdminList>
    </>
  );
}
