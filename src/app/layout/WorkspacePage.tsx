import type { ReactNode } from "react";
import { workspace } from "#words/workspace.ts";
import { PageHeading } from "@/ui/PageHeading.tsx";

type WorkspacePageProps = { title: string; lead?: ReactNode; action?: ReactNode; children: ReactNode };

/** The frame of a page below the workspace's navigation. */
export function WorkspacePage({ title, lead, action, children }: WorkspacePageProps) {
  return (
    <>
      <div className="mb-8 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <PageHeading title={workspace.pageTitle(title)}>{title}</PageHeading>
          {lead && <p className="mt-1 text-ink-soft">{lead}</p>}
        </div>
        {action}
      </div>
      {children}
    </>
  );
}
