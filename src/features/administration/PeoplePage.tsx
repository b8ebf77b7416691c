import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { AdminPeople, AdminPersonSummary } from "#contract/administration.ts";
import { adminPeople } from "#words/administration.ts";
import { adminPaths } from "@/lib/adminPaths.ts";
import { Link } from "@/lib/router/router.tsx";
import { useDebounced } from "@/lib/useDebounced.ts";
import { Badge } from "@/ui/Badge.tsx";
import { SearchField } from "@/ui/SearchField.tsx";
import { AdminList } from "./AdminList.tsx";
import { listQuery } from "./queries.ts";

export function PeoplePage() {
  const [text, setText] = useState("");
  const q = useDebounced(text.trim(), 400);
  const list = useInfiniteQuery(listQuery<AdminPeople>("people", { q: q || undefined }));
  return (
    <>
      <search className="mb-5 block max-w-md">
        <SearchField label={adminPeople.search} value={text} onChange={setText} />
      </search>
      <AdminList<AdminPersonSummary> list={list}>
        {(person) => (
          <>
            <div className="min-w-0 flex-1 basis-60">
              <Link
                to={adminPaths.person(person.id)}
                className="tap font-semibold text-primary-text underline underline-offset-4"
              >
                <bdi>{person.name || person.email}</bdi>
              </Link>
              <p className="text-sm text-ink-soft">{person.email}</p>
            </div>
            <PersonBadges person={person} />
          </>
        )}
      </AdminList>
    </>
  );
}

export function PersonBadges({ person }: { person: AdminPersonSummary }) {
  return (
    <p className="flex flex-wrap gap-2">
      {person.is_administrator && <Badge tone="primary">{adminPeople.administrator}</Badge>}
      {person.verified && <Badge tone="good">{adminPeople.verified}</Badge>}
      {person.closed && <Badge tone="bad">{adminPeople[person.closed]}</Badge>}
    </p>
  );
}
