import { z } from "zod";
import { type NotificationKind, notificationContent } from "#contract/notifications.ts";
import { timeRequestStatus } from "#contract/timeRequests.ts";
import { type BookingRole, bookingRoles } from "#rules/bookingState.ts";
import { occasionOf, timeOfId } from "../mail/occasion.ts";
import type { SystemTx } from "../platform/database/database.ts";
import { type Involved, type Message, readParties } from "./message.ts";

/** What happened: the request's status and round right after it. */
const requestPayload = z.object({ request_id: z.uuid(), status: timeRequestStatus, round: z.int() });

interface RequestFacts extends Involved {
  status: z.infer<typeof timeRequestStatus>;
  round: number;
  awaiting: BookingRole;
  reason: string | null;
}

/** Messages for one step of a time request; none if a later step has replaced it. */
export async function messagesOfRequest(tx: SystemTx, payload: unknown): Promise<Message[]> {
  const step = requestPayload.parse(payload);
  const { rows } = await tx.client.query<RequestFacts>("select * from private.time_request_facts($1)", [
    step.request_id,
  ]);
  const [request] = rows;
  if (!request || request.status !== step.status || request.round !== step.round) return [];
  const [kind, roles] = recipientsOf(request);
  const parties = kind && (await readParties(tx, request));
  if (!parties) return [];
  return roles.map((role) => ({
    ...notificationContent.parse({
      kind,
      facts: { ...parties.factsFor(role), reason: request.reason ?? undefined },
    }),
    recipient: parties.recipients[role],
    dedupeKey: occasionOf(
      timeOfId(step.request_id),
      "time_request",
      step.request_id,
      step.status,
      step.round,
    ),
    requestId: step.request_id,
  }));
}

function recipientsOf({
  status,
  round,
  awaiting,
}: RequestFacts): [NotificationKind | undefined, readonly BookingRole[]] {
  switch (status) {
    case "open":
      // A mentor who suggests other times instead of a booking request opens a request that awaits the student.
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
    // The message about the new booking replaces it.
    case "accepted":
      return [undefined, []];
    default:
      return status satisfies never;
  }
}
