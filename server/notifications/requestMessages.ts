import { z } from "zod";
import type { NotificationKind } from "#contract/notifications.ts";
import { type BookingRole, bookingRoles } from "#rules/bookingState.ts";
import type { SystemTx } from "../platform/database/database.ts";
import type { Message } from "./message.ts";

/** What happened: the request's status and round right after it. */
export const requestStep = z.object({
  request_id: z.uuid(),
  status: z.enum(["open", "accepted", "declined", "expired", "withdrawn"]),
  round: z.int(),
});
export type RequestStep = z.infer<typeof requestStep>;

interface RequestFacts {
  status: RequestStep["status"];
  round: number;
  awaiting: BookingRole;
  reason: string | null;
  student_id: string;
  mentor_id: string;
  student_name: string;
  mentor_name: string;
  mentor_username: string;
  service_title: string;
}

/** Who is told what of a step of a request; nobody of one that another step has overtaken. */
export async function messagesOfRequest(tx: SystemTx, step: RequestStep): Promise<Message[]> {
  const { rows } = await tx.client.query<RequestFacts>("select * from private.time_request_facts($1)", [
    step.request_id,
  ]);
  const [request] = rows;
  if (!request || request.status !== step.status || request.round !== step.round) return [];
  const [kind, recipients] = recipientsOf(request);
  if (!kind) return [];
  return recipients.map((role) => ({
    recipientId: role === "student" ? request.student_id : request.mentor_id,
    kind,
    dedupeKey: `time_request:${step.request_id}:${step.status}:${step.round}`,
    requestId: step.request_id,
    facts: {
      role,
      counterpart: role === "student" ? request.mentor_name : request.student_name,
      service_title: request.service_title,
      mentor_username: request.mentor_username,
      ...(request.reason ? { reason: request.reason } : {}),
    },
  }));
}

function recipientsOf({
  status,
  round,
  awaiting,
}: RequestFacts): [NotificationKind | undefined, readonly BookingRole[]] {
  switch (status) {
    case "open":
      // A mentor who answers a booking request with other times opens one that awaits the student.
      return [
        round === 1 && awaiting === "mentor" ? "time_request_opened" : "time_request_proposed",
        [awaiting],
      ];
    case "declined":
      return ["time_request_declined", ["student"]];
    case "withdrawn":
      return ["time_request_withdrawn", ["mentor"]];
    case "expired":
      return ["time_request_expired", bookingRoles];
    // The booking that it became is what is told.
    case "accepted":
      return [undefined, []];
    default:
      return status satisfies never;
  }
}
