import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import type { UndeliveredMail } from "#contract/administration.ts";
import { adminMail } from "#words/administration.ts";
import { adminKeys } from "@/lib/queryKeys.ts";
import { formatDayAndTime } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Button } from "@/ui/Button.tsx";
import { useAction } from "@/ui/useAction.ts";
import { AdminList } from "./AdminList.tsx";
import { act, listQuery } from "./queries.ts";

export function MailPage() {
  const timeZone = useViewerTimeZone();
  const queryClient = useQueryClient();
  const list = useInfiniteQuery(listQuery<UndeliveredMail>("undelivered-mail"));
  const send = useAction(async (id: string) => {
    await act(`undelivered-mail/${id}/send`);
    toast.success(adminMail.sent);
    await queryClient.invalidateQueries({ queryKey: adminKeys.all });
  });
  return (
    <AdminList<UndeliveredMail["data"][number]> list={list} none={adminMail.none}>
      {(mail) => (
        <>
          <div className="min-w-0 flex-1 basis-60">
            <p className="font-semibold">{mail.address}</p>
            <p className="text-sm text-ink-soft">
              {mail.kind} · {formatDayAndTime(mail.ended_at, timeZone)} · {adminMail.attempts(mail.attempts)}
            </p>
            <p className="mt-1 text-sm">{mail.last_error}</p>
          </div>
          <Button
            variant="secondary"
            pending={send.pendingArgs?.[0] === mail.id}
            onClick={() => send.run(mail.id)}
          >
            {adminMail.send}
          </Button>
        </>
      )}
    </AdminList>
  );
}
